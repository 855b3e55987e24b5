"""``lg.autolog()``: switches the recording of libraries on and off."""

from __future__ import annotations

import threading
from types import TracebackType

from lineage_graph.errors import InvalidArgument
from lineage_graph.exchange.plugins import plugin_integrations
from lineage_graph.recorder.autolog import fits
from lineage_graph.recorder.autolog.fitlog import safely
from lineage_graph.recorder.autolog.integration import Integration
from lineage_graph.recorder.autolog.lightgbm import LightGBM
from lineage_graph.recorder.autolog.patches import Patches, wait_no_more, when_imported
from lineage_graph.recorder.autolog.sklearn import ScikitLearn
from lineage_graph.recorder.autolog.xgboost import XGBoost

_OWN: tuple[type[Integration], ...] = (ScikitLearn, XGBoost, LightGBM)
_OTHER_NAMES = {"scikit-learn": "sklearn", "scikit_learn": "sklearn"}
_patches: dict[str, Patches] = {}
_lock = threading.RLock()


class Autolog:
    """What a call of ``lg.autolog()`` switched on; as a ``with`` block, it is off again at its end."""

    def __init__(self, libraries: tuple[str, ...]) -> None:
        self.libraries = libraries

    def __enter__(self) -> Autolog:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _switch_off(self.libraries)

    def __repr__(self) -> str:
        return f"<lg.autolog of {', '.join(self.libraries) or 'nothing'}>"


def autolog(*libraries: str | bool) -> Autolog:
    """Record the fits of machine-learning libraries inside of runs, from now on.

    Without an argument all that are known: scikit-learn (``"sklearn"``), ``"xgboost"``,
    ``"lightgbm"``, and those of plug-ins; else those that are named. ``lg.autolog(False)`` switches
    all off, and the end of a ``with lg.autolog():`` block what it switched on. A library is never
    imported for this; it may be imported before or after.

    The first fit inside a step adds to the step; each other one becomes a step of its own. Kept are
    the parameters, the data (its shape and digest, no copy), metrics by iteration, and the model as
    an output. A fit inside another one, such as those of a search, is no step. Whatever fails in
    this is one warning; the fit returns and raises what it would without.

    Raises:
        InvalidArgument: a library that is not known.
    """
    if False in libraries:
        _switch_off(tuple(_patches))
        return Autolog(())
    known = _known()
    wanted = [_OTHER_NAMES.get(name, name) for name in libraries if isinstance(name, str)]
    for name in wanted:
        if name not in known:
            raise InvalidArgument(
                f"lg.autolog does not know {name!r}.", hint=f"It knows {', '.join(sorted(known))}."
            )
    return Autolog(tuple(name for name in wanted or known if _switch_on(name, known[name])))


def _known() -> dict[str, type[Integration]]:
    found = {integration.name: integration for integration in _OWN}
    return {**plugin_integrations(), **found}


def _switch_on(name: str, kind: type[Integration]) -> bool:
    """Switch a library on; return False where it was on before."""
    with _lock:
        if name in fits.enabled:
            return False
        with safely(name, "its functions"):
            integration = kind()
            fits.enabled[name] = integration
            patches = _patches[name] = Patches(name)
            when_imported(integration.module, lambda: _patch(integration, patches))
            return True
    return False


def _patch(integration: Integration, patches: Patches) -> None:
    with _lock, safely(integration.name, "its functions"):
        if fits.enabled.get(integration.name) is integration:
            integration.patch(patches)


def _switch_off(names: tuple[str, ...]) -> None:
    with _lock:
        for name in names:
            integration = fits.enabled.pop(name, None)
            if integration is not None:
                wait_no_more(integration.module)
            patches = _patches.pop(name, None)
            if patches is not None:
                patches.undo()
