"""An authority that tests make for themselves, and the certificates that it gives, right ones and wrong ones."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Authority:
    """Whom a program trusts that is told `file`."""

    file: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def issue(self, name: str, *, host: str = HOST, ended: bool = False) -> Path:
        """A server's certificate with its key in one file; `ended`: it ran out yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            stands_for: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            stands_for = x509.DNSName(host)
        until = datetime.now(UTC) + timedelta(days=-1 if ended else 1)
        draft = _draft(name, self.certificate.subject, key, until).add_extension(x509.SubjectAlternativeName([stands_for]), critical=False)
        made = draft.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False).sign(self.key, hashes.SHA256())
        file = self.file.with_name(f"{name}.pem")
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
        return file


def authority(folder: Path, name: str) -> Authority:
    """A new one, its certificate in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    use = x509.KeyUsage(*[False] * 5, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
    draft = _draft(name, None, key, datetime.now(UTC) + timedelta(days=1)).add_extension(use, critical=True)
    made = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    file = folder / f"{name}-authority.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Authority(file, key, made)


def _draft(name: str, issuer: x509.Name | None, key: ec.EllipticCurvePrivateKey, until: datetime) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
