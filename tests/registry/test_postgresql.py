"""What only a server can do: refuse, restart, hang up in the middle, serve many, and be less durable than it must."""

import logging
import socket
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from ghala.errors import StorageError, UsageError
from ghala.governance.health import Doctor
from ghala.lake.files import Disk
from ghala.registry.registry import move_epoch, open_registry, read_epoch
from ghala.testing.shop import Shop

MISSING = """
import sys
sys.modules["pg8000"] = None
from pathlib import Path
from ghala.errors import MissingExtraError
from ghala.registry.registry import open_registry
try:
    open_registry("postgresql://ghala@/x", Path())
except MissingExtraError as error:
    print(error, error.hint)
"""


@pytest.fixture
def registry(postgresql_url, tmp_path):
    registry = open_registry(postgresql_url, tmp_path)
    yield registry
    registry.close()


def name_of(url):
    return url.partition("?")[0].rpartition("/")[2]


def kill(server, database):
    """End all connections to a database, as its administrator or a restart would."""
    ended = server.sql(
        f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'"
    )
    return int(ended[0])


def test_a_missing_driver_says_what_to_install():
    done = subprocess.run(
        [sys.executable, "-c", MISSING], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == (
        "a registry on PostgreSQL needs pg8000 pip install 'ghala[postgresql]'"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{password}", "s3cret-wr0ng", "the account or its password was refused"),
        (":{password}@", "@", "the account or its password was refused"),
        ("ghala:", "nobody:", "the account or its password was refused"),
        ("/{name}", "/not_there", "there is no such database"),
        ("@:{port}", "@:1", "cannot be reached"),
        ("?host={folder}", "?host=/nowhere", "cannot be reached"),
        ("@:{port}/{name}?host={folder}", "@127.0.0.1:1/{name}", "Connection refused"),
        ("@:{port}/{name}?host={folder}", "@127.0.0.1:{port}/{name}?sslmode=require", "no TLS"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_without_a_secret(
    server, postgresql_url, tmp_path, old, new, words
):
    known = {
        "password": server.password, "name": name_of(postgresql_url), "port": server.port,
        "folder": server.folder,
    }  # fmt: skip
    url = postgresql_url.replace(old.format(**known), new.format(**known))
    assert url != postgresql_url
    with pytest.raises(StorageError, match=words) as caught:
        open_registry(url, tmp_path)
    said = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert caught.value.hint
    assert server.password not in said
    assert "s3cret-wr0ng" not in said


def test_no_word_of_the_program_has_the_password(durable_server, tmp_path, monkeypatch, caplog):
    server = durable_server
    server.make_database("acme", "template_ghala")
    monkeypatch.setenv("GHALA_REGISTRY_PASSWORD", server.password)
    shop = Shop.open(
        tmp_path / "shop", f"registry: postgresql://ghala@127.0.0.1:{server.port}/acme\n"
    )
    with shop.app as app, caplog.at_level(logging.DEBUG):
        found = app.doctor()
        kill(server, "acme")
        app.products()
        said = repr(found) + repr(app.settings) + str(app.settings.shown())
        said += repr(app._registry) + repr(vars(app._registry.database)) + caplog.text
        said += repr(app._registry.database.writing.url)
    assert [one for one in found if not one.is_fine] == []
    assert "PostgreSQL" in said
    assert server.password not in said
    done = subprocess.run(
        [Path(sys.executable).with_name("ghala"), "doctor", "-w", shop.folder],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "PostgreSQL" in done.stdout
    assert server.password not in done.stdout + done.stderr


def test_a_database_that_does_not_keep_unicode_is_refused(server, tmp_path):
    server.sql(
        "CREATE DATABASE ascii OWNER ghala ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C'"
        " TEMPLATE template0"
    )
    with pytest.raises(StorageError, match="keeps text as SQL_ASCII"):
        open_registry(server.url("ascii"), tmp_path)


def test_an_account_without_rights_is_told_so(server, tmp_path):
    server.sql("CREATE DATABASE foreign_owned")
    with pytest.raises(StorageError, match="the account lacks a right") as caught:
        open_registry(server.url("foreign_owned"), tmp_path)
    assert "owner" in caught.value.hint
    assert caught.value.evidence["sqlstate"] == "42501"


def test_a_server_that_is_no_postgresql_is_told(tmp_path):
    def answer():
        client, _ = listening.accept()
        with client:
            client.recv(100)
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=answer)
        answering.start()
        port = listening.getsockname()[1]
        with pytest.raises(StorageError, match="the connection broke"):
            open_registry(f"postgresql://ghala@127.0.0.1:{port}/acme", tmp_path)
        answering.join()


def test_connections_that_ended_meanwhile_are_replaced_unnoticed(server, registry, postgresql_url):
    with registry.write() as connection:
        move_epoch(connection)
    assert kill(server, name_of(postgresql_url)) > 0
    with registry.read() as connection:
        assert read_epoch(connection) == 2
    with registry.write() as connection:
        move_epoch(connection)


@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_connection_that_breaks_inside_is_a_refusal_and_the_next_one_works(
    server, registry, postgresql_url, kind, caplog
):
    def break_inside():
        with getattr(registry, kind)() as connection:
            read_epoch(connection)
            kill(server, name_of(postgresql_url))
            read_epoch(connection)

    with pytest.raises(StorageError, match="the connection broke"):
        break_inside()
    with registry.write() as connection:
        move_epoch(connection)
        assert read_epoch(connection) == 2
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_an_error_of_the_block_stays_what_it_is_though_the_connection_broke(
    server, registry, postgresql_url
):
    def break_inside():
        with registry.write() as connection:
            read_epoch(connection)
            kill(server, name_of(postgresql_url))
            raise UsageError("of the block")

    with pytest.raises(UsageError, match="of the block"):
        break_inside()
    with registry.read() as connection:
        assert read_epoch(connection) == 1


def test_a_writer_waits_for_the_one_before_it_and_sees_what_it_wrote(registry):
    seen = []

    def second():
        with registry.write() as connection:
            seen.append(read_epoch(connection))
            move_epoch(connection)

    with registry.write() as connection:
        waiting = threading.Thread(target=second)
        waiting.start()
        assert any(is_somebody_waiting(registry) or seen for _ in range(10_000))
        move_epoch(connection)
        assert seen == []
    waiting.join()
    assert seen == [2]


def is_somebody_waiting(registry):
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with registry.read() as connection:
        return connection.execute(query).scalar_one() > 0


def test_a_commit_is_durable_whatever_the_server_does_by_default(server, own_url, tmp_path):
    database = f"ALTER DATABASE {name_of(own_url)} SET"
    server.sql(f"{database} synchronous_commit = off")
    server.sql(f"{database} default_transaction_isolation = serializable")
    registry = open_registry(own_url, tmp_path)
    with registry.write() as connection:
        show = {name: shown(connection, name) for name in ("synchronous_commit", "lock_timeout")}
        assert show == {"synchronous_commit": "on", "lock_timeout": "1min"}
        assert shown(connection, "transaction_isolation") == "read committed"
        assert shown(connection, "idle_in_transaction_session_timeout") == "20s"
    with registry.read() as connection:
        assert shown(connection, "transaction_isolation") == "repeatable read"
        assert shown(connection, "transaction_read_only") == "on"
    registry.close()


def shown(connection, name):
    return connection.exec_driver_sql(f"SHOW {name}").scalar()


def test_a_server_that_is_not_durable_is_found_by_the_doctor(durable_server, registry, tmp_path):
    server = durable_server
    doctor = Doctor(tmp_path, Disk(), lambda: registry, lambda: 0, registry_is_embedded=False)

    def examined():
        return next(found for found in doctor.examine() if found.name == "registry")

    assert examined().is_fine
    assert examined().message.startswith("PostgreSQL ")
    server.set("fsync", "off")
    assert not examined().is_fine
    assert examined().hint == "set `fsync = on` in postgresql.conf"


def test_a_network_file_system_is_no_fault_where_the_registry_is_elsewhere(tmp_path, registry):
    mounts = tmp_path / "mounts"
    mounts.write_text("server:/x / nfs4 rw 0 0\n")
    doctor = Doctor(
        tmp_path, Disk(), lambda: registry, lambda: 0, registry_is_embedded=False, mounts=mounts
    )
    found = next(found for found in doctor.examine() if found.name == "file system")
    assert (found.is_fine, found.message) == (True, "nfs4")


def test_a_server_proves_itself_by_its_certificate(server, postgresql_url, tmp_path):
    key, certificate = server.folder / "data" / "server.key", server.folder / "server.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    server.own(key)
    server.set("ssl_cert_file", str(certificate))
    server.set("ssl", "on")
    plain = server.url(name_of(postgresql_url), host="127.0.0.1")
    try:
        for mode, trusted in (("require", True), ("verify-full", False), ("verify-ca", False)):
            if not trusted:
                with pytest.raises(StorageError, match="did not prove who it is"):
                    open_registry(f"{plain}?sslmode={mode}", tmp_path)
            check_encrypted(f"{plain}?sslmode={mode}" + "" if trusted else
                            f"{plain}?sslmode={mode}&sslrootcert={certificate}", tmp_path)  # fmt: skip
        named = plain.replace("127.0.0.1", "localhost") + f"?sslrootcert={certificate}&sslmode="
        check_encrypted(f"{named}verify-ca", tmp_path)
        with pytest.raises(StorageError, match="did not prove who it is"):
            open_registry(f"{named}verify-full", tmp_path)
    finally:
        server.set("ssl", "off")


def check_encrypted(url, folder):
    registry = open_registry(url, folder)
    query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with registry.read() as connection:
        assert connection.exec_driver_sql(query).scalar() is True
    registry.close()
