"""A pytest plugin for ML Metadata's own suite: it repairs what in four of its tests can never pass.

Over gRPC three tests call the module's helper for stores without its first argument, the options of
the command line, and one reads them from ``self.self``. The assertions of these tests stay as they are.
Used as ``pytest -p repair .../metadata_store_test.py --use_grpc_backend ...``.
"""

from __future__ import annotations

from typing import Any

import pytest

HELPER = "_get_metadata_store"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give the helper of every collected module its default, and every test class its ``self``."""
    options = {
        name: config.getoption(f"--{name}")
        for name in ("use_grpc_backend", "grpc_host", "grpc_port")
    }
    for module in {getattr(item, "module", None) for item in items}:
        if hasattr(module, HELPER):
            setattr(module, HELPER, _with_default(getattr(module, HELPER), options))
    for test_class in {getattr(item, "cls", None) for item in items} - {None}:
        test_class.self = property(lambda test: test)


def _with_default(helper: Any, options: dict[str, Any]) -> Any:
    def opened(cli_args: dict[str, Any] = options, **arguments: Any) -> Any:
        return helper(cli_args, **arguments)

    return opened
