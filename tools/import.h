/* SPDX-License-Identifier: BSD-3-Clause */
/* Translates the configuration of other modules that judge passwords into one of ours. */
#ifndef A2A_IMPORT_H
#define A2A_IMPORT_H

/*
 * Reads pwquality.conf, passwdqc.conf, or lines of PAM with pam_pwquality, pam_cracklib or
 * pam_passwdqc, from `path` ("-": standard input), and prints the equivalent all2all.conf. Every
 * option that means something else here becomes a comment that says what to do. Returns the exit
 * status: EXIT_REFUSED when something was not understood, which a comment and standard error name;
 * EXIT_FAULT when the file cannot be read or its kind is not known, and nothing was printed.
 */
int import_print(const char *path);

#endif
