"""The tasks of the repository: ``nox -l`` lists them, ``nox -s lint`` runs one."""

from __future__ import annotations

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "venv"


@nox.session
def lint(session: nox.Session) -> None:
    """Style, format, and the direction of imports."""
    session.install("-e", ".[test]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    session.install("-e", ".[test]")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """The whole suite on both engines; arguments behind ``--`` go to pytest."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", *(session.posargs or ("-n", "2")))


@nox.session
def docs(session: nox.Session) -> None:
    """The tables that are made from the code, and the site, with every link checked."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "tests.docs.tables")
    session.run("mkdocs", "build", "--strict")


@nox.session
def screenshots(session: nox.Session) -> None:
    """The pictures of the documentation."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "tests.browser.screenshots")


@nox.session
def mutation(session: nox.Session) -> None:
    """A sample of small changes of the code, and which of them no test notices."""
    session.install("-e", ".[test]", "cosmic-ray")
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Which lines the tests of the embedded engine run."""
    session.install("-e", ".[test]", "coverage")
    chosen = ("-k", "not neo4j", "--ignore", "tests/browser", *session.posargs)
    session.run("coverage", "run", "-m", "pytest", *chosen)
    session.run("coverage", "report")


@nox.session
def wheel(session: nox.Session) -> None:
    """The wheel, in an environment of its own without the checkout, with the README's first command."""
    session.install("build")
    session.run("python", "-m", "build", "--outdir", session.create_tmp())
    session.install(
        "--find-links", session.create_tmp(), "--no-index", "--no-deps", "lineage-graph"
    )
    session.install("lineage-graph")
    sample = f"{session.invoked_from}/tests/data/tfx_mlmd.sqlite"
    with session.chdir(session.create_tmp()):
        session.run("lineage-graph", "--folder", "store", "import", sample)
        session.run("lineage-graph", "--folder", "store", "doctor")
        session.run("lineage-graph", "--folder", "store", "engine", "stop")
