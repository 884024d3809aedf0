# SPDX-License-Identifier: MIT
"""The client's side of SASL by GNU SASL's library (Debian's libgsasl18), called in this process."""
import ctypes
import ctypes.util

# Gsasl_property and Gsasl_rc of gsasl.h.
PROPERTIES = {"authid": 1, "authzid": 2, "password": 3, "anonymous_token": 4, "service": 5, "hostname": 6, "realm": 11, "qop": 14,
              "tls_unique": 18, "tls_exporter": 25}
OK, NEEDS_MORE = 0, 1


class GsaslError(Exception):
    pass


def library():
    """The library, or None where it isn't installed."""
    path = ctypes.util.find_library("gsasl")
    if not path:
        return None
    lib = ctypes.CDLL(path)
    lib.gsasl_strerror_name.restype = ctypes.c_char_p
    lib.gsasl_property_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p]
    lib.gsasl_client_start.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)]
    lib.gsasl_step.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_void_p),
                               ctypes.POINTER(ctypes.c_size_t)]
    for name in ("gsasl_finish", "gsasl_done", "gsasl_free"):
        getattr(lib, name).argtypes = [ctypes.c_void_p]
    return lib


class GsaslClient:
    """One exchange: `with GsaslClient("SCRAM-SHA-1", authid="tim", password="x") as client`."""

    def __init__(self, mechanism, **properties):
        self._lib = library()
        self._context, self._session = ctypes.c_void_p(), ctypes.c_void_p()
        self._check(self._lib.gsasl_init(ctypes.byref(self._context)))
        self._check(self._lib.gsasl_client_start(self._context, mechanism.encode(), ctypes.byref(self._session)))
        for name, value in properties.items():
            self._lib.gsasl_property_set(self._session, PROPERTIES[name], value.encode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._lib.gsasl_finish(self._session)
        self._lib.gsasl_done(self._context)

    def _check(self, status):
        if status not in (OK, NEEDS_MORE):
            raise GsaslError((self._lib.gsasl_strerror_name(status) or b"?").decode())
        return status

    def step(self, challenge):
        """What to send (bytes), and whether the client is content with what it has got."""
        output, size = ctypes.c_void_p(), ctypes.c_size_t()
        status = self._check(self._lib.gsasl_step(self._session, challenge, len(challenge), ctypes.byref(output), ctypes.byref(size)))
        said = ctypes.string_at(output, size.value) if output.value else b""
        self._lib.gsasl_free(output)
        return said, status == OK
