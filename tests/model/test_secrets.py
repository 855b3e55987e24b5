"""What is masked before it is stored, and what is not."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from lineage_graph.model import Artifact, Execution, Subgraph
from lineage_graph.model.merging import TOLD
from lineage_graph.model.secrets import MASK, is_secret, masked, masked_text, without_secrets


def words(text: str) -> list[str]:
    return text.split()


SECRET = words("""
password passwd pwd db_password DB_PASSWORD dbPassword userPassword spring.datasource.password MYSQL_PASS smtp-pass
secret client_secret clientSecret secret_id SECRET_KEY_BASE fs.s3a.secret.key aws_secret_access_key
token access_token accessToken GITHUB_TOKEN refresh-token id_token session_token hf_token x-amz-security-token apitoken
api_key apiKey API-KEY apikey x-api-key openai_api_key accesskey aws_access_key_id private_key privateKey ssh_key
fs.azure.account.key.x.blob.core.windows.net signing_key account_key encryptionKey
credential credentials db_credentials authorization Proxy-Authorization cookie Set-Cookie basic_auth auth_header
passphrase
""")
PLAIN = words("""
tokens max_tokens num_tokens token_count tokenCount tokenizer tokenizer_name n_tokens tokens_per_second total_tokens
pad_token eos_token bos_token unk_token mask_token special_token next_page_token per_token cost_per_token first_token
token_type token_ids tokenization detokenize
key keys primary_key foreign_key cache_key partition_key sort_key public_key keyword keyboard monkey hotkey key_value
password_length password_policy secret_name secretsmanager_arn private_key_path api_key_name credentials_file
passed pass_rate first_pass bypass compass passenger author authorize authors signature basic auth secretary
accuracy learning_rate lr model_name
""")


@pytest.mark.parametrize("name", SECRET)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)
    assert masked({name: "hunter2"}) == {name: MASK}
    assert masked({"deep": [{"facet": {name: "hunter2"}}]}) == {"deep": [{"facet": {name: MASK}}]}
    assert masked({"name": name, "value": "hunter2"})["value"] == MASK
    assert masked({"key": name, "value": "hunter2", "type": "a"})["value"] == MASK


@pytest.mark.parametrize("name", PLAIN)
def test_names_that_only_look_like_it(name: str) -> None:
    assert not is_secret(name)
    given = {name: "hunter2", "list": [{"name": name, "value": "hunter2"}]}
    assert masked(given) is given


TEXTS = {
    "postgresql://me:hunter2@db.example/x": "postgresql://me:***@db.example/x",
    "jdbc:postgresql://me:hu@nter2@db:5432/x": "jdbc:postgresql://me:***@db:5432/x",
    "redis://:hunter2@cache:6379/0": "redis://:***@cache:6379/0",
    "jdbc:oracle:thin:scott/tiger@db:1521/x": "jdbc:oracle:thin:scott/***@db:1521/x",
    "jdbc:sqlserver://db;user=me;password=hunter2;x=1": "jdbc:sqlserver://db;user=me;password=***;x=1",
    "Server=db;User Id=me;Password=hunter2;": "Server=db;User Id=me;Password=***;",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=ab+/c==;": (
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=***;"
    ),
    "host=db user=me password=hunter2 dbname=x": "host=db user=me password=*** dbname=x",
    "https://x.example/a?token=hunter2&b=1": "https://x.example/a?token=***&b=1",
    "https://x.blob.example/a?sv=1&sig=ab%2Fc&se=2": "https://x.blob.example/a?sv=1&sig=***&se=2",
    "https://b.s3.example/k?X-Amz-Credential=a&X-Amz-Signature=ff": (
        "https://b.s3.example/k?X-Amz-Credential=***&X-Amz-Signature=***"
    ),
    "python train.py --lr 0.1 --api-key hunter2 --epochs 3": (
        "python train.py --lr 0.1 --api-key *** --epochs 3"
    ),
    "java -Ddb.password=hunter2 -jar x.jar": "java -Ddb.password=*** -jar x.jar",
    "python x.py --db-password='a b' --x": "python x.py --db-password='***' --x",
    '{"user": "me", "password": "hunter2", "n": 1}': '{"user": "me", "password": "***", "n": 1}',
    '{"a": "{\\"token\\": \\"hunter2\\"}"}': '{"a": "{\\"token\\": \\"***\\"}"}',
    '[{"dict": {"session_token": {"value": "hunter2"}}}]': (
        '[{"dict": {"session_token": {"value": "***"}}}]'
    ),
    '{"password": "hunter2", cut off': '{"password": "***", cut off',
    "COPY x FROM 's3://b' CREDENTIALS=(AWS_SECRET_KEY='ab/c' AWS_ROLE='r')": (
        "COPY x FROM 's3://b' CREDENTIALS=(AWS_SECRET_KEY='***' AWS_ROLE='r')"
    ),
    "Authorization: Bearer abc.def-123456": "Authorization: Bearer ***",
    "curl -H 'Basic dXNlcjpodW50ZXIy'": "curl -H 'Basic ***'",
    "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nend": "***\nend",
    "id AKIAIOSFODNN7EXAMPLE": "id ***",
    "clone with ghp_" + "a1" * 18: "clone with ***",
    "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijk": "jwt ***",
}
KEPT = (
    "https://example.org/a?page=2&key=5",
    "http://localhost:8080/a@b",
    "git@github.com:a/b.git",
    "ssh://git@github.com/a/b",
    "s3://bucket/tokens/key=5/file",
    "SELECT a FROM t JOIN u ON t.token=u.token WHERE password=u.password",
    "max_tokens=5 tokenizer='bert' pad_token='<pad>' primary_key=id",
    "a basic understanding of bearers",
    "--token-count 5 --key value",
    '{"token_count": "5", "key": "x"}',
    "task-abcdefghijklmnopqrstuvwxyz",
    "password",
    "The token is missing: give a password.",
    "password=",
    "use_token=true",
)


@pytest.mark.parametrize("text", TEXTS)
def test_secrets_in_texts(text: str) -> None:
    assert masked_text(text) == TEXTS[text]
    assert masked_text(TEXTS[text]) == TEXTS[text]  # again changes nothing
    assert masked({"any": [text]}) == {"any": [TEXTS[text]]}


@pytest.mark.parametrize("text", KEPT)
def test_texts_that_hold_none(text: str) -> None:
    assert masked_text(text) == text


def test_collections_switches_numbers_and_columns() -> None:
    given: dict[str, Any] = {
        "credentials": {"a": "x", "b": ["y", 5, True, None]},
        "password": 1234,
        "token": 1234,
        "secret": True,
        "use_password": "false",
        "fields": [{"name": "password", "type": "TEXT"}],
        "columnLineage": {"fields": {"password": {"inputFields": [{"field": "secret"}]}}},
        "columnMetrics": {"password": {"nullCount": 5, "note": "x"}},
        "schema": {"fields": [{"name": "token", "description": "how: postgres://a:b@c/d"}]},
    }
    before = json.dumps(given)
    got = masked(given)
    assert json.dumps(given) == before
    assert got == {
        **given,
        "credentials": {"a": MASK, "b": [MASK, MASK, True, None]},
        "password": MASK,
        "schema": {"fields": [{"name": "token", "description": "how: postgres://a:***@c/d"}]},
    }


def test_nodes_of_a_subgraph() -> None:
    plain = Execution(id=-1, type="T", custom_properties={"key": "a", "max_tokens": 5})
    given = Subgraph(
        artifacts=(
            Artifact(
                id=-1,
                type="A",
                uri="postgresql://me:hunter2@db/x",
                properties={"password": 5, "token": "hunter2"},
                custom_properties={
                    "parameter api_key": "hunter2",
                    "inputStatistics of secrets": {"note": "x"},
                    TOLD: {"password": 5},
                },
            ),
        ),
        executions=(plain,),
    )
    kept = without_secrets(given)
    (artifact,) = kept.artifacts
    assert artifact.uri == "postgresql://me:***@db/x"
    assert artifact.properties == {"password": 5, "token": MASK}  # a type says that it is a number
    assert artifact.custom_properties == {
        "parameter api_key": MASK,
        "inputStatistics of secrets": {"note": "x"},
        TOLD: {"password": 5},
    }
    assert kept.executions[0] is plain
    assert without_secrets(kept) is kept


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "eyJ-",
        "password=",
        "token='",
        "://",
        "a://b:",
        "--token ",
        "bearer ",
        "a\\'",
        "x=\\\\'",
        "-----BEGIN PRIVATE KEY-----",
        "@",
        "hf_",
        "key: ",
    ],
)
def test_no_text_costs_more_than_its_length(piece: str) -> None:
    begin = time.process_time()
    masked_text("token://" + piece * (400_000 // len(piece)))
    assert time.process_time() - begin < 5
