"""The order in which listings stand: nobody's merit, nobody's money, and anyone can check it.

Each day has its own order. A listing's place is given by the SHA-256 of the date and its key: for a supplier, the last
part of its address (2026-11-23:brightwave); for an officer, the listing's identifier. The smallest stands first.
"""

from datetime import date
from hashlib import sha256


def place(day: date, key) -> str:
    return sha256(f"{day.isoformat()}:{key}".encode()).hexdigest()


def in_order(day: date, rows: list, key) -> list:
    return sorted(rows, key=lambda row: place(day, key(row)))
