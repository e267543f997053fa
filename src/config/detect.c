#include "config/detect.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/template.h"

void
detected_add(struct detected_list *l, const char *what, const char *path)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].path, path) == 0)
			return;
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = (struct detected){what, mem_string(path)};
}

void
detected_free(struct detected_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].path);
	free(l->v);
	*l = (struct detected_list){.v = NULL};
}

static void
look_at(struct detected_list *out, const struct home *h, const char *name,
    const struct template_place *place)
{
	struct strlist found = STRLIST_INIT;
	if (home_fits(h, place->os))
		home_find(&found, h, place->pattern);
	for (size_t i = 0; i < found.n; i++)
		if (place->needs == NULL ||
		    home_has(h, found.v[i], place->needs))
			detected_add(out, name, found.v[i]);
	strlist_free(&found);
}

void
detect_applications(struct detected_list *out, const struct home *h)
{
	const char *name;
	for (size_t i = 0; (name = template_name(i)) != NULL; i++) {
		struct template t;
		(void)template_load(&t, name);
		for (size_t p = 0; p < t.nplaces; p++)
			look_at(out, h, name, &t.places[p]);
		template_free(&t);
	}
}
