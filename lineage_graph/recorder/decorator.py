"""``@step``: a function whose calls inside a run are steps of it."""

from __future__ import annotations

import functools
import inspect
import json
import os
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar, cast, overload

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Artifact, Ref
from lineage_graph.recorder.data import is_model, is_table_or_array
from lineage_graph.recorder.pipelines import current_run
from lineage_graph.recorder.steps import Step, current_step
from lineage_graph.recorder.values import RESERVED, parameter

P = ParamSpec("P")
R = TypeVar("R")


@overload
def step(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def step(
    *,
    name: str | None = None,
    cache: bool = False,
    inputs: Iterable[str] = (),
    code: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def step(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    cache: bool = False,
    inputs: Iterable[str] = (),
    code: str | None = None,
) -> Any:
    """Make every call of a function inside a run a step of it; outside of a run, a mere call.

    Arguments that are artifacts, refs, ``Path`` objects, frames, arrays, tensors or models (or
    lists of them) are inputs, and so are those named in ``inputs``; all others are parameters.
    Artifacts the function returns (made by ``lg.artifact(…)``, alone or in a list, tuple or dict)
    are its outputs; inside,
    ``lg.current_step()`` is the step. A call inside another step is nested in it.

    With ``cache=True`` a call with the same inputs, parameters and code (the function's own source,
    or the text ``code``) is not made again: it returns what the earlier one returned, and is
    recorded as CACHED. That needs a return value of artifacts and JSON values only.

    Raises:
        InvalidArgument: a generator function, an argument named like something the recorder writes,
            or a name in ``inputs`` that is no argument.
    """
    if function is None:
        return functools.partial(_decorate, name=name, cache=cache, inputs=inputs, code=code)
    return _decorate(function, name=name, cache=cache, inputs=inputs, code=code)


def _decorate(
    function: Callable[..., Any],
    *,
    name: str | None,
    cache: bool,
    inputs: Iterable[str],
    code: str | None,
) -> Callable[..., Any]:
    steps = _Steps(function, name or function.__name__, cache, tuple(inputs), code)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def record_task(*args: Any, **kwargs: Any) -> Any:
            step = steps.new(args, kwargs)
            if step is None:
                return await function(*args, **kwargs)
            with step:
                returned = (
                    _cached(step)
                    if step.cached
                    else _publish(step, await function(*args, **kwargs))
                )
            return _settled(step, returned)

        return record_task

    @functools.wraps(function)
    def record(*args: Any, **kwargs: Any) -> Any:
        step = steps.new(args, kwargs)
        if step is None:
            return function(*args, **kwargs)
        with step:
            returned = _cached(step) if step.cached else _publish(step, function(*args, **kwargs))
        return _settled(step, returned)

    return record


class _Steps:
    """Makes the step of each call of one function."""

    def __init__(
        self,
        function: Callable[..., Any],
        name: str,
        cache: bool,
        inputs: tuple[str, ...],
        code: str | None,
    ) -> None:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise InvalidArgument(
                f"{name} yields, so its calls have no end to record.",
                hint="Decorate a function that returns.",
            )
        self._name = name
        self._cache = cache
        self._inputs = frozenset(inputs)
        self._code: str | Callable[..., Any] = function if code is None else code
        self._signature = inspect.signature(function)
        names = self._signature.parameters.keys()
        if taken := sorted(RESERVED & names):
            raise InvalidArgument(
                f"{name} has an argument {taken[0]!r}, which is what the recorder itself writes.",
                hint="Give the argument another name.",
            )
        if unknown := sorted(self._inputs - names):
            raise InvalidArgument(f"{name} has no argument {unknown[0]!r} to be an input.")

    def new(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step | None:
        """Return the step of a call, or None outside of a run."""
        run = current_run()
        if run is None:
            return None
        inputs, params = self._sort(args, kwargs)
        outer = current_step()
        return (run if outer is None else outer).step(
            self._name, inputs=inputs, params=params, cache=self._cache, code=self._code
        )

    def _sort(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        inputs: dict[str, Any] = {}
        params: dict[str, Any] = {}
        for name, given in self._arguments(bound):
            if name in self._inputs:
                if given is not None:
                    inputs[name] = given
            elif _is_input(given):
                inputs[name] = given
            else:
                # Of an object only the repr is kept: a cache key of that would be wrong.
                params[name] = parameter(given, name, strict=self._cache)
        return inputs, params

    def _arguments(self, bound: inspect.BoundArguments) -> Iterable[tuple[str, Any]]:
        for name, given in bound.arguments.items():
            kind = self._signature.parameters[name].kind
            if kind is inspect.Parameter.VAR_KEYWORD:
                yield from given.items()
            elif kind is not inspect.Parameter.VAR_POSITIONAL or given:
                yield name, given


def _is_input(given: object) -> bool:
    if isinstance(given, (list, tuple)) and not isinstance(given, Ref):
        return bool(given) and all(_is_input(item) for item in given)
    if isinstance(given, (Artifact, Ref, os.PathLike)):
        return True
    return is_table_or_array(given) or is_model(given)


# What a function returns: artifacts become outputs, and the shape is kept for cached calls


def _publish(step: Step, returned: Any) -> Any:
    """Declare the artifacts in a return value as outputs; return it with them in their place."""
    returned = _declare(step, returned, None)
    places = {
        artifact.origin: [key, index]
        for key, artifacts in step.outputs.items()
        for index, artifact in enumerate(artifacts)
    }
    try:
        step.returns(json.dumps(_encode(returned, places)))
    except (TypeError, ValueError):
        step.returns(None)
    return returned


def _declare(step: Step, item: Any, key: str | None) -> Any:
    def declared(artifact: Artifact, name: str | None) -> Artifact:
        is_described = artifact.id is None and artifact.origin is None
        return step.publish(artifact, name) if is_described else artifact

    return _mapped(item, key, declared)


def _settled(step: Step, returned: Any) -> Any:
    """Return the value with the artifacts in it as they are now that the step has ended."""
    made = {artifact.origin: artifact for each in step.outputs.values() for artifact in each}
    return _mapped(returned, None, lambda artifact, _: made.get(artifact.origin, artifact))


def _mapped(item: Any, key: str | None, change: Callable[[Artifact, str | None], Artifact]) -> Any:
    """Return a value with each artifact in its lists, tuples and dicts changed; ``key`` names it."""
    if isinstance(item, Artifact):
        return change(item, key)
    if type(item) in (list, tuple):
        return type(item)(_mapped(part, key, change) for part in item)
    if type(item) is dict:
        return {name: _mapped(part, str(name), change) for name, part in item.items()}
    return item


def _encode(item: Any, places: dict[str | None, list[Any]]) -> Any:
    if isinstance(item, Artifact):
        if item.origin not in places:
            raise ValueError("an artifact that somebody else made")
        return {"output": places[item.origin]}
    if type(item) in (list, tuple):
        return {type(item).__name__: [_encode(part, places) for part in item]}
    if type(item) is dict:
        if not all(isinstance(name, str) for name in item):
            raise TypeError("JSON has only text as keys")
        return {"dict": {name: _encode(part, places) for name, part in item.items()}}
    if item is None or type(item) in (bool, int, float, str):
        return {"value": item}
    raise TypeError(f"a {type(item).__name__} is no JSON value")


def _cached(step: Step) -> Any:
    """Return what the earlier call returned."""
    hit_shape = step.returned
    return _decode(json.loads(hit_shape), step.outputs)


def _decode(shape: dict[str, Any], outputs: dict[str, list[Artifact]]) -> Any:
    ((kind, content),) = shape.items()
    if kind == "output":
        key, index = content
        return outputs[key][index]
    if kind in ("list", "tuple"):
        parts = [_decode(part, outputs) for part in content]
        return tuple(parts) if kind == "tuple" else parts
    if kind == "dict":
        return {
            name: _decode(part, outputs) for name, part in cast(dict[str, Any], content).items()
        }
    return content
