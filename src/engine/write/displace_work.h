/*
 * displace_work.h - what the parts of displace share; nobody else includes it.
 *
 *   displace.c         the contract
 *   displace_spot.c    what lies where it happens
 *   displace_do.c      one function for each kind of intent
 *   displace_undo.c    the way back
 *   displace_resume.c  how far did a dead run get?
 *   displace_trade.c   new for old, by the best means a file system has
 */
#ifndef ENGINE_WRITE_DISPLACE_WORK_H
#define ENGINE_WRITE_DISPLACE_WORK_H

#include "engine/write/displace.h"

/* Where an intent happens: its path's directory and name, and its own names in
   the staging directory. */
struct spot {
	const struct site *site;
	struct plat_dir *dir;
	const char *name;
	struct plat_dir *stage;
	const char *staged; /* new content; after a swap the victim */
	const char *aside;  /* the victim, where there is no swap */
};

/* find_own: only the intent's own names, which is all a victim needs that has
   left its place. */
void displace_find_own(
    struct displacer *d, const struct intent *i, struct spot *out);

/* find_spot: 1 when the directory of the path does not exist, or is something
   else by now; the own names are there all the same. */
int displace_find_spot(struct displacer *d, const struct intent *i,
    struct spot *out, struct err *e);

/* displace_is: is what *st* tells the thing *f* describes? Times and size, and
   the inode where inodes mean something. */
bool displace_is(const struct site *site, const struct plat_stat *st,
    const struct fingerprint *f);

/* displace_is_at: is *f* what lies there? -1: it could not be told. */
int displace_is_at(const struct spot *s, struct plat_dir *d, const char *name,
    const struct fingerprint *f, struct err *e);

/* displace_is_left: may something lie under *own*, or can that not be told? */
bool displace_is_left(const struct spot *s, const char *own);

/* displace_keep_left: whatever lies under the own names is kept, but for what
   we staged, which stays for displace_discard. */
int displace_keep_left(struct displacer *d, const struct intent *i,
    const struct spot *s, struct err *e);

/* displace_keep_from: what lies under *own* goes into the snapshot. */
int displace_keep_from(struct displacer *d, const struct intent *i,
    const struct spot *s, const char *own, struct err *e);

int displace_do_at(struct displacer *d, struct deed *deed, const struct spot *s,
    struct err *e);
int displace_undo_at(struct displacer *d, struct deed *deed,
    const struct spot *s, struct err *e);
int displace_resume_at(struct displacer *d, struct deed *deed,
    const struct spot *s, struct err *e);

/* displace_resume_gone: where the directory the path lay in is gone. */
int displace_resume_gone(struct displacer *d, struct deed *deed,
    const struct spot *s, struct err *e);

/* ---- displace_trade.c: each answers 0 done, 1 somebody was there, -1 ---- */

/* Failed, and the file has both names now: whoever resumes drops the first. */
enum { TRADE_HALFWAY = -2 };

/* trade_in: the staged content gets the free name. */
int trade_in(const struct spot *s, struct err *e);

/* trade_over: the staged content gets the name, its victim *victim_at (one of
   the spot's own names). */
int trade_over(const struct spot *s, const char **victim_at, struct err *e);

/* trade_out: what has the name goes to the spot's staged name. */
int trade_out(const struct spot *s, struct err *e);

/* trade_back: what lies under *own* (of the spot's names) gets the name back,
   if it is free. */
int trade_back(const struct spot *s, const char *own, struct err *e);

/* trade_rename: from one free-standing name to another that is free. */
int trade_rename(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

#endif
