"""A relay for tests: takes mail by SMTP and writes what it took, read with Python's own reader, a JSON file for each letter.

    python relay.py FOLDER PORT [CERTIFICATE KEY]

It says its port on the first line of stdout. With a certificate it wants STARTTLS and the login `ykt` with `secret`. An
address whose name begins with `gone` is never taken, one that begins with `later` not now, and one that begins with `denied`
not from us.
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Taker:
    def __init__(self, folder):
        self.folder = folder
        self.count = len(os.listdir(folder))

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 <%s> no such user" % address
        if address.startswith("later"):
            return "451 4.2.1 try again later"
        if address.startswith("denied"):
            return "554 5.7.1 <%s> relay access denied" % address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": letter["subject"],
            "message_id": letter["message-id"],
            "sender": str(letter["from"]),
            "auto": letter["auto-submitted"],
            "text": letter.get_content(),
            "headers": sorted(name.lower() for name in letter.keys()),
            "is_encrypted": session.ssl is not None,
        }
        self.count += 1
        path = os.path.join(self.folder, "%06d.json" % self.count)
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(taken, file, ensure_ascii=False)
        os.rename(path + ".part", path)
        return "250 OK"


def let_in(server, session, envelope, mechanism, given):
    right = (given.login, given.password) == (b"ykt", b"secret")
    # What is not handled here is answered by the server itself: 535.
    return AuthResult(success=right, handled=right)


async def serve(folder, port, certificate):
    settings = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        settings = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": let_in,
            "auth_required": True,
        }
    taker = Taker(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taker, hostname="relay", **settings), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
