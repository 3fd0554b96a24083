# SPDX-License-Identifier: BSD-3-Clause
# For issue_virtual.sh: looks at what a run has left, in one process, as there are many steps.
#   perl look_at.pl between|after OLD USER...
# In the folder of the test: "stored" has lines of "USER STORED", "out" the sheets and the table. Says
# what is not as it should be, a line each.
use strict;
use warnings;

my ($when, $old, @users) = @ARGV;
my %stored;
open(my $file, '<', 'stored') or die "stored: $!";
while (<$file>) {
	chomp;
	my ($user, $stored) = split / /, $_, 2;
	$stored =~ s/^\{[^}]*\}//;
	$stored{$user} = $stored;
}

sub fits {
	my ($user, $password) = @_;
	return defined $password && defined $stored{$user} &&
		(crypt($password, $stored{$user}) // '') eq $stored{$user};
}

# The passwords on a sheet or in the rows of a user.
sub in_files {
	my ($user, @files) = @_;
	my @found;
	for my $name (@files) {
		open(my $in, '<', $name) or next;
		local $/;
		my $text = <$in> // '';
		push @found, $1 while $text =~ /^password:\n\n +(\S+)$/mg;
		push @found, $1 while $text =~ /^"\Q$user\E",.*,"([^"]*)"\r$/mg;
	}
	return @found;
}

opendir(my $folder, 'out') or die "out: $!";
my $has_table = ($ENV{A2A_ALL_STEPS} // '') eq 'yes';
my @names = sort grep { !/^\.\.?$/ } readdir $folder;
for my $user (@users) {
	my @shown = in_files($user, "out/$user.txt");
	my @hidden = in_files($user, map { "out/$_" } grep { /^\.\Q$user\E\..*\.new\.txt$/ } @names);
	my @rows = in_files($user, 'out/table.csv', 'out/table.csv.first');
	if ($when eq 'after') {
		print "$user: the sheet does not open it\n" unless @shown == 1 && fits($user, $shown[0]);
		print "$user: the row does not open it\n"
			unless !$has_table || @rows == 1 && fits($user, $rows[0]);
		print "$user: the old password does\n" if fits($user, $old);
	} elsif (fits($user, $old)) {
		print "$user: has the old password, and a sheet\n" if @shown;
		print "$user: has the old password, and a hidden sheet\n" if $when eq 'failed' && @hidden;
	} else {
		my @good = grep { fits($user, $_) } @shown ? @shown : @hidden;
		print "$user: no sheet opens it\n" unless @good == 1;
	}
}
if ($when eq 'after') {
	my $wanted = join ' ', sort('.all2all-issue.journal', $has_table ? 'table.csv' : (), map { "$_.txt" } @users);
	my $is = join ' ', grep { $_ ne 'table.csv.first' } @names;
	print "left: $is\n" if $is ne $wanted;
}
