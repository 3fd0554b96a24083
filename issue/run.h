/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A run issues passwords to accounts, one after the other. It can be interrupted at any point, and
 * the same request resumes it.
 *
 * For each account, in this order: its files and its row are written under hidden names (put down)
 * and synced (settle), the password is set (set), the journal is written (record), and the files
 * get their names (publish). The next run learns from the journal and the hidden files how far this
 * one came.
 */
#ifndef A2A_RUN_H
#define A2A_RUN_H

#include "hash.h"
#include "output.h"
#include "policy.h"
#include "setter.h"

/* The request for a run. All texts belong to the caller, who keeps them until a2a_run_close(). */
struct a2a_run_request {
	/* The accounts: a list, or users. */
	const char *list;   /* a CSV file, "-" for standard input; NULL: users */
	char *const *users; /* they get new passwords, whatever the journal says */
	size_t user_count;
	const char *name, *mail; /* of the only user; NULL: unknown */
	const char *language;    /* a tag, for accounts without a language in the list */
	bool again;              /* forget what the journal says */

	/* Where the passwords go. Without folder and table, there is no journal, and the passwords
	 * are only handed to a2a_run_events.handed_over. */
	const char *folder;                  /* of the files; NULL: none */
	const char *table;                   /* a CSV file; NULL: none */
	unsigned outputs;                    /* the files of an account: 1 << enum a2a_output */
	const char *sheets, *shipped_sheets; /* folders of templates: see a2a_sheets_open() */

	/* The passwords. */
	const struct a2a_policy *policy;
	unsigned length, words; /* at most one is set; both 0: the default recipe */
	bool keyboard_safe;
	const struct a2a_setter *setter; /* NULL: no password is set, and hashes are made */
	enum hash_scheme scheme;         /* of the hashes */
	unsigned jobs; /* threads that make pages and hashes; 0: one for each processor */
	bool dry_run;  /* write nothing, set nothing */
};

/* How a run ended. The texts belong to the run. */
struct a2a_run_result {
	size_t issued;             /* accounts with a new password */
	size_t before;             /* accounts that got one in an earlier run */
	size_t refused;            /* accounts with a problem */
	size_t doubtful;           /* accounts with files of an interrupted run, still not issued */
	const char *doubtful_user; /* the user whose row an interrupted run left, still not issued;
				      NULL: none */
	const char *errors;        /* the file with the refused rows; NULL: none was written */
	bool is_complete;   /* the whole list was processed, and the tables have their names */
	bool is_stopped;    /* is_stopped() ended the run */
	bool is_partly_set; /* for some account, a step after setting the password failed */
};

/* The events of a run. a2a_run_open() and a2a_run_go() call these functions in the caller's thread.
 * No function is NULL. */
struct a2a_run_events {
	void *context;
	/* Files of an interrupted run got their final names. */
	void (*mended)(void *context, size_t files);
	/* What columns of the list are taken for, before the first account: `what` is the part that
	 * they have, or that they are left out; `headings` are theirs. */
	void (*columns)(void *context, const char *what, const char *headings);
	/* An account got no password, and there is no file of errors to say so. `line` is its line
	 * in the list, or 0; `user` is safe to print. */
	void (*refused)(void *context, unsigned long line, const char *user, const char *problem);
	/* A password was set; for the audit trail. */
	void (*issued)(void *context, const char *user);
	/* A password was set, but a later step for the account failed. */
	void (*partly_set)(void *context, const char *user, const char *why);
	/* An interrupted run may have set another password for the account, which is void now. */
	void (*resolved)(void *context, const char *user);
	/* Everything is done for an account. It has this password (empty: one of an earlier run),
	 * to be spelled with the alphabet of this tag, and this hash (NULL: none was made). Returns
	 * false to end the run with a fault. */
	bool (*handed_over)(void *context, const char *user, const struct secret *password,
		const char *spelling, const char *hash);
	/* This share of the list, from 0 to 1, is done; it has this many accounts. */
	void (*progress)(void *context, double share, size_t accounts);
	/* Called between accounts. Returns whether to end the run here. */
	bool (*is_stopped)(void *context);
};

struct a2a_run;

/*
 * Opens everything that the run needs, before the first password is made: templates, list, folder,
 * journal, table. Finishes what an interrupted run left in the folder. Waits for another run that
 * uses the same place. Starts no threads. Returns NULL, having reported. Release with
 * a2a_run_close().
 */
struct a2a_run *a2a_run_open(const struct a2a_run_request *request,
	const struct a2a_run_events *events, const struct a2a_log *log);

/*
 * Runs the request. Call it once. The threads that it starts inherit the caller's signal mask. A
 * fault is reported, and leaves the run incomplete: the same request resumes it.
 */
void a2a_run_go(struct a2a_run *run, struct a2a_run_result *result);
void a2a_run_close(struct a2a_run *run);

#endif
