#include "engine/write/site.h"
#include "model/plan/plan_words.h"

#include <inttypes.h>

int
site_open(struct site *out, enum side side, const char *native, struct err *e)
{
	*out = (struct site){.side = side};
	struct plat_stat st;
	if (plat_dir_open(&out->root, native, e) != 0 ||
	    plat_dir_stat(&st, out->root, e) != 0 ||
	    plat_volume(&out->volume, out->root, e) != 0) {
		site_close(out);
		return err_wrap(e, "%s root", side_name(side));
	}
	out->dev = st.dev;
	return 0;
}

int
site_find_work(struct site *s, const char *state_dir, struct err *e)
{
	struct str path = STR_INIT;
	struct plat_stat st;
	int rc = -1;
	str_addf(&path, "%s/work", state_dir);
	if (plat_dir_make(path.p, 0700, e) != 0 ||
	    plat_dir_open(&s->work, path.p, e) != 0 ||
	    plat_dir_stat(&st, s->work, e) != 0)
		goto out;
	rc = 0;
	if (st.dev != s->dev) {
		plat_dir_close(s->work);
		rc = plat_dir_sub(&s->work, s->root, "", e);
	}
out:
	str_free(&path);
	return rc;
}

void
site_close(struct site *s)
{
	plat_dir_close(s->work);
	plat_dir_close(s->root);
	s->work = s->root = NULL;
}

void
site_stage_name(struct str *out, const char *stage, uint32_t seq)
{
	str_addf(out, "~coldsync-%s%08" PRIx32 ".tmp", stage, seq);
}
