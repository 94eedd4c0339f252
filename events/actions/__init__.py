"""All that can be done with events and with places at them. Only these functions write.

Each action locks the event's row, so that seats are counted by one at a time.
"""
