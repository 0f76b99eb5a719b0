"""The key that an installation signs with, and its certificate, from an issuer of its own.

The profile of certificates is that of C2PA 2.2, 14.5: X.509 v3, a leaf that signs nothing but
documents, under an issuer whose certificate comes with it. Nobody else knows the issuer, so that
readers call such a signature valid and its signer unknown. Without a time stamp a signature is
valid only as long as its certificate, which therefore lasts long.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from filelock import FileLock

from ytdubber.domain.provenance import GENERATOR

_LASTS = timedelta(days=20 * 365)
_CHAIN, _KEY = "certificates.pem", "key.pem"
_CURVES = {256: "es256", 384: "es384", 521: "es512"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom files are signed by.

    Attributes:
        chain: Certificates as PEM, the signer's own first.
        key: The private key as PEM (PKCS #8).
        algorithm: How it signs, as C2PA names it: `es256` and so on.
    """

    chain: bytes
    key: bytes
    algorithm: str = "es256"


def given_identity(chain: Path, key: Path) -> Identity:
    """An operator's own, checked.

    Args:
        chain: A file of certificates as PEM, the signer's own first and its issuers after it.
        key: A file with its private key as PEM, without a password.

    Raises:
        OSError: one cannot be read.
        ValueError: they are none, do not belong together, or are not valid today.
    """
    try:
        certificates = x509.load_pem_x509_certificates(chain.read_bytes())
    except ValueError as error:
        raise ValueError("it holds no certificates in PEM") from error
    private = _private_key(key.read_bytes())
    own, now = certificates[0], datetime.now(UTC)
    if own.public_key() != private.public_key():
        raise ValueError("the key is not that of the first certificate")
    if not own.not_valid_before_utc <= now < own.not_valid_after_utc:
        raise ValueError(f"the certificate is valid until {own.not_valid_after_utc:%Y-%m-%d}")
    if len(certificates) == 1 and own.issuer == own.subject:
        raise ValueError("C2PA wants a certificate that an issuer has signed, not one of its own")
    return Identity(chain.read_bytes(), key.read_bytes(), _algorithm(private))


def _private_key(data: bytes) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(data, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("the key is no private key in PEM without a password") from error


def _algorithm(key: PrivateKeyTypes) -> str:
    """As C2PA 2.2, 13.2.1 names the one that a key is for."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey):
        return "ps256"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size in _CURVES:
        return _CURVES[key.key_size]
    raise ValueError("C2PA signs with keys of P-256, P-384, P-521, Ed25519 and RSA only")


def own_identity(folder: Path) -> Identity:
    """The installation's own, made when it is first asked for.

    Args:
        folder: Where it is kept; only the user may read the key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(folder / ".lock"):
        chain, key = folder / _CHAIN, folder / _KEY
        if not (chain.exists() and key.exists()):
            made = _made(datetime.now(UTC))
            _write(key, made.key)
            _write(chain, made.chain)
        return Identity(chain.read_bytes(), key.read_bytes())


def _made(now: datetime) -> Identity:
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    issuer_name, name = _name("Issuer of this installation"), _name("This installation")
    issuer = (
        _certificate(issuer_name, issuer_name, issuer_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issues=True), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    leaf = (
        _certificate(name, issuer_name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(authority, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return Identity(
        leaf.public_bytes(pem) + issuer.public_bytes(pem),
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, GENERATOR),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, data: bytes) -> None:
    """A file that nobody else may read, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    part.replace(path)
