"""Ends a Java thread that does not heed being told to, by the tool interface of the Java machine.

The database looks whether a statement was terminated between two rows, not inside an expression or a
regular expression. There, only an exception that is raised in the thread from outside helps.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, addressof, c_int, c_ubyte, c_void_p, create_string_buffer
from typing import Any

_TOOLS_VERSION, _CALLS_VERSION = 0x30010200, 0x00010008
_CAN_SIGNAL_THREAD = 10  # the number of this capability's bit
_LOCAL_REFERENCES = 1000  # more than there are threads
# Places of functions in the tables that the Java machine hands out: jni.h and jvmti.h.
_GET_INTERFACE = 6
_FIND_CLASS, _PUSH_DAG, _POP_DAG, _NEW_OBJECT, _GET_METHOD, _NEW_STRING = 6, 19, 20, 30, 33, 167
_GET_ALL_THREADS, _STOP_THREAD, _GET_THREAD_INFO, _DEALLOCATE, _ADD_CAPABILITIES = 3, 6, 8, 46, 141


class _ThreadInfo(ctypes.Structure):
    _fields_ = (
        ("name", c_void_p),
        ("priority", c_int),
        ("daemon", c_ubyte),
        ("group", c_void_p),
        ("loader", c_void_p),
    )


class ThreadStopper:
    """Raises an exception in a thread of this process's Java machine.

    Raises:
        RuntimeError: the Java machine does not allow it.
    """

    def __init__(self) -> None:
        from arcadedb_embedded.jvm import get_bundled_jre_lib_path

        library = ctypes.CDLL(get_bundled_jre_lib_path())
        machine, count = c_void_p(), c_int()
        library.JNI_GetCreatedJavaVMs(ctypes.byref(machine), c_int(1), ctypes.byref(count))
        self._machine = machine.value
        self._tools = self._interface(_TOOLS_VERSION)
        wanted = (c_ubyte * 16)()
        wanted[_CAN_SIGNAL_THREAD // 8] = 1 << _CAN_SIGNAL_THREAD % 8
        if _call(self._tools, _ADD_CAPABILITIES, addressof(wanted)):
            raise RuntimeError("the Java machine does not let threads be stopped")

    def stop(self, thread: str, exception: str, message: str) -> bool:
        """Raise ``exception``, such as ``java/lang/RuntimeException``; False where no thread is called so."""
        calls = self._interface(_CALLS_VERSION)
        count, threads = c_int(), POINTER(c_void_p)()
        _call(calls, _PUSH_DAG, _LOCAL_REFERENCES)
        try:
            _call(self._tools, _GET_ALL_THREADS, addressof(count), addressof(threads))
            for found in threads[: count.value]:
                if self._name(found) == thread:
                    raised = _exception(calls, exception, message)
                    return not _call(self._tools, _STOP_THREAD, found, raised)
            return False
        finally:
            _call(self._tools, _DEALLOCATE, ctypes.cast(threads, c_void_p).value)
            _call(calls, _POP_DAG, None)

    def _interface(self, version: int) -> int | None:
        found = c_void_p()
        if _call(self._machine, _GET_INTERFACE, addressof(found), version):
            raise RuntimeError("the Java machine lacks an interface, or does not know this thread")
        return found.value

    def _name(self, thread: int | None) -> str:
        info = _ThreadInfo()
        if _call(self._tools, _GET_THREAD_INFO, thread, addressof(info)):
            return ""
        name = ctypes.string_at(info.name).decode(errors="replace")
        _call(self._tools, _DEALLOCATE, info.name)
        return name


def _exception(calls: int | None, name: str, message: str) -> int | None:
    def text(value: str) -> Any:
        return create_string_buffer(value.encode())

    named, words = text(name), text(message)
    init, signature = text("<init>"), text("(Ljava/lang/String;)V")
    kind = _find(calls, _FIND_CLASS, addressof(named))
    make = _find(calls, _GET_METHOD, kind, addressof(init), addressof(signature))
    arguments = (c_void_p * 1)(_find(calls, _NEW_STRING, addressof(words)))
    return _find(calls, _NEW_OBJECT, kind, make, addressof(arguments))


def _call(table: int | None, place: int, *arguments: int | None) -> int:
    """Call a function of an interface that answers a number: 0 where all is well."""
    return _function(table, place, c_int, len(arguments))(table, *arguments)  # type: ignore[no-any-return]


def _find(table: int | None, place: int, *arguments: int | None) -> int | None:
    """Call a function of an interface that answers an object."""
    return _function(table, place, c_void_p, len(arguments))(table, *arguments)  # type: ignore[no-any-return]


def _function(table: int | None, place: int, result: Any, arguments: int) -> Any:
    functions = c_void_p.from_address(table or 0).value  # an interface points to its table
    address = c_void_p.from_address((functions or 0) + place * ctypes.sizeof(c_void_p)).value
    return ctypes.CFUNCTYPE(result, *[c_void_p] * (1 + arguments))(address or 0)
