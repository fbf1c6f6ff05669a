"""TLS in front of a server that speaks none, with a certificate of its own."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.local.process import HOST

__all__ = ["TlsFront"]


class TlsFront:
    """Takes TLS connections on a port of its own and passes what they carry to another port."""

    def __init__(self, target_port: int, folder: Path) -> None:
        """`folder` takes certificate and key. Listens from `with` on."""
        self.target_port = target_port
        self.certificate = folder / "certificate.pem"
        write_certificate(self.certificate, folder / "key.pem")
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(self.certificate, folder / "key.pem")
        self.listener = socket.create_server((HOST, 0))
        self.port: int = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept)]
        self.sockets: list[socket.socket] = []

    @property
    def url(self) -> str:
        """The URL for a client of Redis that trusts the certificate."""
        return f"rediss://{HOST}:{self.port}?ssl_ca_certs={self.certificate}"

    def __enter__(self) -> TlsFront:
        self.threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for one in self.sockets:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:  # closed
                return
            try:
                outer = self.context.wrap_socket(plain, server_side=True)
            except OSError:  # no TLS, or a certificate that the client does not trust
                plain.close()
                continue
            inner = socket.create_connection((HOST, self.target_port))
            self.sockets += [outer, inner]
            for source, target in ((outer, inner), (inner, outer)):
                self.threads.append(threading.Thread(target=passes_on, args=[source, target]))
                self.threads[-1].start()


def passes_on(source: socket.socket, target: socket.socket) -> None:
    """Pass on all that comes until one side ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def write_certificate(certificate: Path, key: Path) -> None:
    """A certificate for this machine's address that vouches for itself, valid for an hour."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
