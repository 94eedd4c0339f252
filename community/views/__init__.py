"""One function an address. Each does one fetch through access, one form, one action, one answer."""
