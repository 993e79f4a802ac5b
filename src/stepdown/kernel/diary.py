"""The diary of a world: for each month edge, the children for whom something takes effect there.

A child stands on one page at most. Pages are chains of children, so that entering one and taking
one out cost the same however many there are.
"""

from stepdown.kernel.compiled import inner

__all__ = ["DUE", "NOWHERE", "enter_diary", "take_from_diary"]

NOWHERE = -1
DUE = -1
"""The last page: children whose next stop is still to be found."""


@inner
def enter_diary(world, index, page):
    """Move a child to a page of the diary, from the one it stands on."""
    page %= world.diary.size
    _strike_out(world, index)
    person, first = world.people[index], world.diary[page]
    person.page, person.before, person.after = page, NOWHERE, first
    if first != NOWHERE:
        world.people[first].before = index
    world.diary[page] = index


@inner
def take_from_diary(world, page):
    """Take a child off a page and return it, or NOWHERE if the page is empty."""
    index = world.diary[page % world.diary.size]
    if index != NOWHERE:
        _strike_out(world, index)
    return index


@inner
def _strike_out(world, index):
    """Take a child off its page."""
    person = world.people[index]
    if person.page == NOWHERE:
        return
    if person.before == NOWHERE:
        world.diary[person.page] = person.after
    else:
        world.people[person.before].after = person.after
    if person.after != NOWHERE:
        world.people[person.after].before = person.before
    person.page = NOWHERE
