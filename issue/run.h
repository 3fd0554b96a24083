/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A run: issues passwords to accounts, one after the other, so that it can be interrupted at any
 * point and resumed by the same request.
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

/* What to do. All texts are the caller's, and stay until a2a_run_close(). */
struct a2a_run_request {
	/* The accounts: a list, or users. */
	const char *list;   /* a CSV file, "-" for standard input; NULL: users */
	char *const *users; /* are issued a new password, whatever the journal says */
	size_t user_count;
	const char *name, *mail; /* of the only user; NULL: not known */
	const char *language;    /* a tag, where the list has none */
	bool again;              /* forget what the journal says */

	/* Where the passwords go. Without folder and table, there is no journal, and the pages are
	 * only handed to a2a_run_events.handed_over. */
	const char *folder;                  /* of the files; NULL: none */
	const char *table;                   /* a CSV file; NULL: none */
	unsigned outputs;                    /* the files of an account: 1 << enum a2a_output */
	const char *sheets, *shipped_sheets; /* folders of templates: see a2a_sheets_open() */

	/* The passwords. */
	const struct a2a_policy *policy;
	unsigned length, words; /* one of them; both 0: the default recipe */
	bool keyboard_safe;
	const struct a2a_setter *setter; /* NULL: nothing is set, and hashes are made */
	enum hash_scheme scheme;         /* of the hashes */
	unsigned jobs; /* threads that make pages and hashes; 0: one a processor */
	bool dry_run;  /* write nothing, set nothing */
};

/* How a run ended. The texts are the run's. */
struct a2a_run_result {
	size_t issued;             /* accounts with a new password */
	size_t before;             /* accounts that an earlier run had issued one */
	size_t refused;            /* accounts with a problem */
	size_t doubtful;           /* accounts with files of an interrupted run, still not issued */
	const char *doubtful_user; /* whose row an interrupted run left, still not issued; NULL */
	const char *errors;        /* the file with the refused rows; NULL: none was written */
	bool is_complete;   /* the whole list was processed, and the tables have their names */
	bool is_stopped;    /* is_stopped() ended the run */
	bool is_partly_set; /* for some account, more than the password was to be done */
};

/* What is told on the way, by the thread that called. All functions are there. */
struct a2a_run_events {
	void *context;
	/* Files of an interrupted run got the names that they were to have. */
	void (*mended)(void *context, size_t files);
	/* An account got no password, and there is no file to say so. `line` is that of the list,
	 * or 0; `user` is safe to print. */
	void (*refused)(void *context, unsigned long line, const char *user, const char *problem);
	/* A password was set; the audit trail wants to know. */
	void (*issued)(void *context, const char *user);
	/* It was set, but something that belongs to it failed. */
	void (*partly_set)(void *context, const char *user, const char *why);
	/* An interrupted run may have set one of its own, which is void now. */
	void (*resolved)(void *context, const char *user);
	/* Everything is done for an account, which has this text page (empty: none is made) and
	 * this hash (NULL: none is made). Returns false to end the run with a fault. */
	bool (*handed_over)(
		void *context, const char *user, const struct secret *page, const char *hash);
	/* `share` of the list, from 0 to 1, is done: so many accounts. */
	void (*progress)(void *context, double share, size_t accounts);
	/* Asked between accounts: whether to end the run here. */
	bool (*is_stopped)(void *context);
};

struct a2a_run;

/*
 * Opens everything that the run needs, before the first password is made: templates, list, folder,
 * journal, table. Finishes what an interrupted run left in the folder. Waits for another run into
 * the same place. Starts no threads. Returns NULL, having reported. Release with a2a_run_close().
 */
struct a2a_run *a2a_run_open(const struct a2a_run_request *request,
	const struct a2a_run_events *events, const struct a2a_log *log);

/*
 * Runs, once. The threads that it starts inherit the caller's signal mask. A fault is reported, and
 * leaves the run incomplete: the same request resumes it.
 */
void a2a_run_go(struct a2a_run *run, struct a2a_run_result *result);
void a2a_run_close(struct a2a_run *run);

#endif
