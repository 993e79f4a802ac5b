"""The compiled core: numba and numpy only, no scenario, no file, no label.

It reads integer tables and counts; it never formats, prices by name or raises. The package above
it turns scenarios into tables (`stepdown.tables`) and counts into results (`stepdown.results`).
"""

from stepdown.kernel.cache import use_versioned_cache

use_versioned_cache()
