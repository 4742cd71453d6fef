"""Context layers (layer 5): what there is, and how a user's files become layers.

Shipped are points from packages (`data/layers`), derived are districts and coast; the
user's own are kept in metres in `Settings.store` and come before a shipped namesake. A
layer that is not there is left out of what `load` gives, so that its rules are not assessed.
"""

from collections.abc import Iterable

from geo.districts import Boundaries
from geo.features import Features, Raster
from geo.layers import shipped, store
from geo.layers.add import About, Added, add
from geo.layers.extract import Imported, import_extract, surroundings
from geo.layers.model import Entry, Named
from geo.layers.names import named, resolve
from geo.settings import Settings

__all__ = [
    "About", "Added", "Entry", "Imported", "Named", "add", "import_extract", "known", "load", "named", "remove",
    "resolve", "surroundings",
]  # fmt: skip


def known(settings: Settings) -> tuple[Entry, ...]:
    """Every layer that is there, by name; a user's layer instead of a shipped one of its name.

    Raises
    ------
    InputError
        If the store is damaged.
    """
    found = {one.id: shipped.entry(one, settings) for one in shipped.rows(settings).values()}
    found |= {name: card.entry for name, card in store.cards(settings).items()}
    return tuple(found[name] for name in sorted(found))


def load(names: Iterable[str], settings: Settings, boundaries: Boundaries) -> dict[str, Features | Raster]:
    """The layers of these names that are there.

    Raises
    ------
    InputError
        If the store is damaged.
    """
    rows, cards = shipped.rows(settings), store.cards(settings)
    found: dict[str, Features | Raster] = {}
    for name in dict.fromkeys(names):
        if name in cards:
            found[name] = store.load(cards[name], settings)
        elif name in rows and rows[name].file is not None:
            found[name] = shipped.read(rows[name], settings)
        elif name in rows:
            found[name] = shipped.derive(rows[name], settings, boundaries)
    return found


def remove(word: str, settings: Settings) -> str:
    """Take a layer out of the user's store; gives its id.

    Raises
    ------
    InputError
        If it is not in it.
    """
    name = resolve(word, settings).id
    store.remove(name, settings)
    return name
