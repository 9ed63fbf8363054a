"""Postfix and Dovecot on loopback, with their own configuration in a temporary folder and ports of their own.

Postfix takes mail for three domains and hands it to Dovecot by LMTP; what Dovecot does not know bounces to the sender, whose mailbox
is read over IMAP. Must run as root (Postfix and Dovecot change users). Ends with its standard input.
"""

import grp
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import _authority  # noqa: E402
import _lifetime  # noqa: E402

USERS = ["ide@mssante.test", "medecin@mssante.test", "ide@city.test", "notifications@relais.test", "suivi@relais.test", "tri@relais.test"]

MASTER = """\
{starttls} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes
{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes
{plain} inet n - n - - smtpd -o smtpd_tls_security_level=none
{nodsn} inet n - n - - smtpd -o smtpd_tls_security_level=may -o smtpd_discard_ehlo_keywords=dsn,8bitmime,size
{auth} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=$authenticated_only
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.mssante.test
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = mssante.test, city.test, relais.test
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
authenticated_only = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access $answers, permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
answers = inline:{{ {{busy@mssante.test = 450 4.2.1 mailbox busy}}, {{full@mssante.test = 452 4.2.2 mailbox full}}, \
{{gone@mssante.test = 550 5.1.1 no such mailbox}}, {{elsewhere@mssante.test = 551 5.1.6 moved}}, {{odd@mssante.test = 553 5.1.3 not a name}}, \
{{refused@mssante.test = 554 5.7.1 refused}}, {{gone@city.test = 550 5.1.1 no such mailbox}}, {{busy@city.test = 450 4.2.1 mailbox busy}} }}
smtpd_sender_restrictions = check_sender_access inline:{{ {{barred@relais.test = 550 5.1.8 sender barred}} }}
smtpd_tls_cert_file = {certificates}/server.pem
smtpd_tls_key_file = {certificates}/server.key
smtpd_tls_CAfile = {certificates}/ca.pem
smtpd_tls_loglevel = 1
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_service}
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
message_size_limit = 400000
smtp_tls_security_level = none
notify_classes =
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 5s
transport_retry_time = 2s
"""

DOVECOT = """\
protocols = imap lmtp
base_dir = {folder}/run
instance_name = relais-test
listen = 127.0.0.1
log_path = {folder}/dovecot.log
ssl = required
ssl_cert = <{certificates}/server.pem
ssl_key = <{certificates}/server.key
auth_mechanisms = plain login
disable_plaintext_auth = yes
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
protocol lmtp {{
  postmaster_address = postmaster@mssante.test
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth_service}
  }}
}}
"""


def configure(folder: pathlib.Path, values: dict) -> None:
    os.chmod(folder, 0o755)
    for name in ["etc", "queue", "mail", "run"]:
        (folder / name).mkdir()
    (folder / "data").mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "nobody")
    nobody = pwd.getpwnam("nobody")
    (folder / "users").write_text(
        "".join(f"{user}:secret:{nobody.pw_uid}:{nobody.pw_gid}::{folder}/mail/{user}::\n" for user in USERS))
    shutil.chown(folder / "users", "root", grp.getgrnam("dovecot").gr_gid)
    os.chmod(folder / "users", 0o640)
    (folder / "etc/main.cf").write_text(MAIN.format(**values))
    (folder / "etc/master.cf").write_text(MASTER.format(**values))
    (folder / "dovecot.conf").write_text(DOVECOT.format(**values))


def main() -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rl-", dir="/tmp"))
    children: list[subprocess.Popen] = []
    try:
        certificates = folder / "certificates"
        _authority.make(certificates)
        names = ["starttls", "implicit", "plain", "nodsn", "auth", "imap", "imaps", "lmtp", "auth_service"]
        ports = dict(zip(names, _lifetime.free_ports(len(names))))
        configure(folder, {"folder": folder, "certificates": certificates, **ports})
        log = open(folder / "start.log", "wb")
        # The queue's folders; Postfix does the same in its own start script.
        subprocess.run(["postfix", "-c", str(folder / "etc"), "check"], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True}
        children.append(subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(folder / "dovecot.conf")], **quiet))
        environment = {**os.environ, "MAIL_CONFIG": str(folder / "etc")}
        children.append(subprocess.Popen(["/usr/lib/postfix/sbin/master", "-d", "-c", str(folder / "etc")], env=environment, **quiet))
        for name in names:
            _lifetime.wait_for_port(ports[name])
        _lifetime.announce({"folder": str(folder), "ports": ports})
        _lifetime.wait_for_the_end()
    except BaseException:
        for name in ["start.log", "postfix.log", "dovecot.log"]:
            if (folder / name).exists():
                sys.stderr.write((folder / name).read_text(errors="replace"))
        raise
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
        if "RELAIS_KEEP_PEERS" not in os.environ:
            shutil.rmtree(folder, ignore_errors=True)


main()
