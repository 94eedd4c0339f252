"""Which e-mail domains may stand for a public body."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
is_domain = RegexValidator(rf"^{LABEL}(?:\.{LABEL})+\Z", "Write a domain such as camden.gov.uk, in lower case.")

# Anybody can have an address at these, so an address there proves nothing.
FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "outlook.co.uk", "hotmail.com", "hotmail.co.uk",
        "live.com", "live.co.uk", "msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "rocketmail.com",
        "icloud.com", "me.com", "mac.com", "aol.com", "aol.co.uk", "proton.me", "protonmail.com",
        "protonmail.ch", "pm.me", "gmx.com", "gmx.co.uk", "gmx.net", "mail.com", "email.com", "zoho.com",
        "zohomail.com", "fastmail.com", "fastmail.co.uk", "fastmail.fm", "tutanota.com", "tuta.io", "hey.com",
        "duck.com", "mail.ru", "yandex.com", "yandex.ru", "qq.com", "163.com", "btinternet.com",
        "btopenworld.com", "bt.com", "sky.com", "talktalk.net", "tiscali.co.uk", "virginmedia.com",
        "virgin.net", "ntlworld.com", "blueyonder.co.uk", "plus.com", "plusnet.com", "o2.co.uk", "ee.co.uk",
        "orange.co.uk", "wanadoo.co.uk", "zen.co.uk", "mailinator.com", "guerrillamail.com",
        "10minutemail.com", "yopmail.com", "temp-mail.org",
    }
)  # fmt: skip
# Everybody's, too: names under which others register theirs.
SHARED = frozenset(
    {
        "gov.uk", "gov.scot", "gov.wales", "llyw.cymru", "nhs.uk", "ac.uk", "co.uk", "org.uk", "police.uk", "sch.uk",
        "ltd.uk", "me.uk",
    }
)  # fmt: skip


def domain_of(address: str) -> str:
    """camden.gov.uk for ada@Camden.gov.uk. A subdomain is another domain."""
    return address.rpartition("@")[2].lower()


def validate_domain(domain: str):
    """Raises ValidationError for what is no domain, and for a domain where anybody can get an address."""
    is_domain(domain)
    if domain in FREE_MAIL:
        raise ValidationError(f"Anybody can have an address at {domain}, so it can’t show who works for a public body.")
    if domain in SHARED:
        raise ValidationError(f"{domain} is shared by many bodies. Write the whole domain, for example camden.gov.uk.")
