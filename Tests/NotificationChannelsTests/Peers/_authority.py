"""Certificates for the peers of one test run, made with the openssl command: an authority that is trusted and one that is not."""

import pathlib
import subprocess


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def _authority(folder: pathlib.Path, name: str) -> None:
    _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
             "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"))


def _leaf(folder: pathlib.Path, name: str, authority: str, names: str, usage: str) -> None:
    _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
             "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.csr"))
    (folder / f"{name}.ext").write_text(f"subjectAltName={names}\nextendedKeyUsage={usage}\nbasicConstraints=CA:FALSE\n")
    _openssl("x509", "-req", "-in", str(folder / f"{name}.csr"), "-CA", str(folder / f"{authority}.pem"),
             "-CAkey", str(folder / f"{authority}.key"), "-CAcreateserial", "-days", "2", "-extfile", str(folder / f"{name}.ext"),
             "-out", str(folder / f"{name}.pem"))


def make(folder: pathlib.Path) -> None:
    """Writes ca, server, wrongname, client (all of the trusted authority) and stranger-ca, stranger, each as NAME.pem and NAME.key."""
    folder.mkdir(parents=True, exist_ok=True)
    _authority(folder, "ca")
    _authority(folder, "stranger-ca")
    _leaf(folder, "server", "ca", "DNS:localhost,IP:127.0.0.1", "serverAuth")
    _leaf(folder, "wrongname", "ca", "DNS:somewhere.else.test", "serverAuth")
    _leaf(folder, "client", "ca", "DNS:relais.test", "clientAuth")
    _leaf(folder, "stranger", "stranger-ca", "DNS:localhost,IP:127.0.0.1", "serverAuth,clientAuth")
