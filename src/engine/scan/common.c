#include "engine/scan/common.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "engine/write/dircache.h"
#include "model/merge/merge.h"

/* A file of the cloud folder, in memory. */
struct mapped {
	struct plat_file file;
	const void *data;
	size_t size;
};

static bool
map_file(struct mapped *out, struct dircache *dirs, const char *path, size_t n)
{
	struct plat_dir *dir;
	const char *name;
	return dircache_at(dirs, path, n, &dir, &name, NULL) == 0 &&
	    plat_open(&out->file, dir, name, NULL) == 0 &&
	    plat_map(&out->data, &out->size, out->file, NULL) == 0;
}

static void
unmap_file(struct mapped *m)
{
	plat_unmap(m->data, m->size);
	(void)plat_close(&m->file, NULL);
}

/* How many bytes both begin with; 0 when they cannot be merged. */
static uint64_t
try_merging(const struct mapped *original, const struct mapped *copy)
{
	struct merge_bytes a = {.p = original->data, .n = original->size};
	struct merge_bytes b = {.p = copy->data, .n = copy->size};
	struct str merged = STR_INIT;
	const char *why;
	size_t common = merge_common(a, b);
	bool can = common > 0 && merge_append(&merged, common, a, b, &why);
	str_free(&merged);
	return can ? common : 0;
}

/* Only what is in the cloud folder alone can be such a copy. */
static bool
may_be_copy(const struct item *it)
{
	return it != NULL && it->state[SIDE_CLOUD] == STATE_NEW &&
	    it->base == NULL && it->entry[SIDE_LOCAL] == NULL &&
	    it->entry[SIDE_CLOUD]->type == ENTRY_FILE;
}

static uint64_t
learn(const struct rules *r, const struct item *it, struct dircache *dirs)
{
	struct mapped original = {.file = PLAT_FILE_NONE};
	struct mapped copy = {.file = PLAT_FILE_NONE};
	struct quirks_copy kind;
	struct str path = STR_INIT;
	uint64_t common = 0;
	size_t name = path_name(it->path, it->path_len);
	str_addn(&path, it->path, name);
	if (quirks_copy(r->quirks, it->path + name, it->path_len - name, NULL,
		&kind, &path) &&
	    map_file(&original, dirs, path.p, path.len) &&
	    map_file(&copy, dirs, it->path, it->path_len))
		common = try_merging(&original, &copy);
	unmap_file(&copy);
	unmap_file(&original);
	str_free(&path);
	return common;
}

void
common_learn(
    struct rules *r, const struct items *items, const struct site *cloud)
{
	struct dircache dirs;
	struct plan_rules *p = &r->plan;
	r->common = mem_zero(p->nchoices + 1, sizeof(*r->common));
	p->common = r->common;
	dircache_init(&dirs, cloud->root);
	for (size_t i = 0; i < p->nchoices; i++) {
		const struct plan_choice *choice = &p->choices[i];
		const struct item *it = choice->take == PLAN_TAKE_MERGE
		    ? items_find(items, choice->path, strlen(choice->path))
		    : NULL;
		uint64_t size = may_be_copy(it) ? learn(r, it, &dirs) : 0;
		if (size > 0)
			r->common[p->ncommon++] = (struct plan_common){
			    .path = choice->path, .size = size};
	}
	dircache_free(&dirs);
}
