#include "model/plan/absent.h"

void
absent_refuse(struct items *items)
{
	for (size_t i = 0; i < items->n; i++) {
		struct item *it = &items->v[i];
		for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
			struct entry *e = it->entry[s];
			bool moved = state_moved(it->state[s]) ||
			    it->state[s] == STATE_SUSPECT;
			if (e == NULL || !(e->flags & ENTRY_PLACEHOLDER))
				continue;
			if (!moved && !(it->needs & NEEDS_HASH << s))
				continue;
			it->state[s] = STATE_UNKNOWN;
			it->unknown[s] = UNKNOWN_PLACEHOLDER;
			it->needs = 0;
		}
	}
}
