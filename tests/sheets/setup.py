# SPDX-License-Identifier: BSD-3-Clause
"""Reads both set-up files of one account and prints what is not as it should be.

setup.py AUTOCONFIG MOBILECONFIG LANGUAGE USER NAME MAIL, under the sheets.conf of setup.sh."""

import plistlib
import sys
import uuid
import xml.etree.ElementTree

autoconfig, mobileconfig, language, user, name, mail = sys.argv[1:]
name = name or user
mail = mail or (user if "@" in user else user + "@All2All.org")
organisation = "Café <&\"'> Ελλάς"
server = "maximusconfessor.all2all.org"


def same(what, is_, wanted):
    if is_ != wanted or type(is_) is not type(wanted):
        print(f"{what}: {is_!r} instead of {wanted!r}")


# ---- Mozilla
root = xml.etree.ElementTree.parse(autoconfig).getroot()
same("root", (root.tag, root.attrib), ("clientConfig", {"version": "1.1"}))
provider = root.find("emailProvider")
same("id", provider.get("id"), "All2All.org")
domains = [mail.rpartition("@")[2]]
if domains[0].lower() != "all2all.org":
    domains.append("All2All.org")
same("domains", [domain.text for domain in provider.findall("domain")], domains)
same("displayName", provider.findtext("displayName"), organisation)
found = [
    (
        element.tag,
        element.get("type"),
        # What POP3 has besides is an element of its own.
        {child.tag: child.findtext("leaveMessagesOnServer", child.text) for child in element},
    )
    for element in provider
    if element.tag.endswith("Server")
]
rest = {"socketType": "SSL", "authentication": "password-cleartext", "username": user}
same(
    "servers",
    found,
    [
        ("incomingServer", "imap", {"hostname": server, "port": "993", **rest}),
        ("incomingServer", "pop3", {"hostname": server, "port": "995", **rest, "pop3": "false"}),
        ("outgoingServer", "smtp", {"hostname": server, "port": "1465", **rest}),
    ],
)
same("webMail", root.find("webMail/loginPage").get("url"), "https://webmail.example.org/?a=1&b=2")

# ---- Apple
with open(mobileconfig, "rb") as file:
    profile = plistlib.load(file, fmt=plistlib.FMT_XML)
label = "".join(
    chr(byte) if chr(byte).isascii() and (chr(byte).isalnum() or byte == ord("-")) else f"_{byte:02x}"
    for byte in user.encode()
)
identifier = "org.all2all.mail." + label
titles = {"fr": "Messagerie ", "nl": "E-mail ", "de": "E-Mail ", "en": "Mail "}


def common(payload, kind, identifier):
    same("PayloadType", payload.pop("PayloadType"), kind)
    same("PayloadIdentifier", payload.pop("PayloadIdentifier"), identifier)
    # Python's own version 5 of the same name.
    same(
        "PayloadUUID",
        payload.pop("PayloadUUID"),
        str(uuid.uuid5(uuid.NAMESPACE_DNS, identifier)).upper(),
    )
    same("PayloadVersion", payload.pop("PayloadVersion"), 1)
    same("PayloadOrganization", payload.pop("PayloadOrganization"), organisation)
    same("PayloadDisplayName", payload.pop("PayloadDisplayName"), titles[language[:2]] + organisation)
    description = payload.pop("PayloadDescription")
    for word in (user, server):
        if word not in description:
            print(f"PayloadDescription does not say {word}: {description}")


content = profile.pop("PayloadContent")
common(profile, "Configuration", identifier)
same("what else the profile holds", profile, {})
same("payloads", len(content), 1)
common(content[0], "com.apple.mail.managed", identifier + ".imap")
same(
    "the account",
    content[0],
    {
        "EmailAccountDescription": organisation,
        "EmailAccountName": name,
        "EmailAccountType": "EmailTypeIMAP",
        "EmailAddress": mail,
        "IncomingMailServerAuthentication": "EmailAuthPassword",
        "IncomingMailServerHostName": server,
        "IncomingMailServerPortNumber": 993,
        "IncomingMailServerUseSSL": True,
        "IncomingMailServerUsername": user,
        "OutgoingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingMailServerHostName": server,
        "OutgoingMailServerPortNumber": 1465,
        "OutgoingMailServerUseSSL": True,
        "OutgoingMailServerUsername": user,
        "OutgoingPasswordSameAsIncomingPassword": True,
    },
)
