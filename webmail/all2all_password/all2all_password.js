// SPDX-License-Identifier: BSD-3-Clause
/**
 * The password page: what the policy says of the new password while it is typed, and a proposal.
 *
 * @licstart  The following is the entire license notice for the JavaScript code in this file.
 * SPDX-License-Identifier: BSD-3-Clause
 * @licend  The above is the entire license notice for the JavaScript code in this file.
 */
window.rcmail && rcmail.addEventListener('init', function() {
    'use strict';

    // After so long without a key, the password is judged (milliseconds).
    var PAUSE = 600;

    var field = $('#newpasswd'), again = $('#confpasswd');
    var timer, serial = 0, judged = '';

    if (!field.length || rcmail.env.password_disabled) {
        return;
    }

    function text(name) {
        return rcmail.get_label(name, 'all2all_password');
    }

    function button(id, label) {
        return $('<button type="button" class="btn btn-secondary">').attr('id', id).text(text(label));
    }

    // ---- The verdict ----

    var word = $('<strong class="all2all-word">'),
        reasons = $('<ul class="all2all-reasons">'),
        // What changes in it is read aloud.
        said = $('<div role="status" aria-live="polite">').append(word, reasons),
        verdict = $('<div id="all2all-verdict">')
            .append($('<div class="all2all-bar" aria-hidden="true">').append('<span>'), said);

    function show(state, heading, lines) {
        verdict.attr('class', state);
        // The same words again are not read aloud again.
        if (word.text() !== heading) {
            word.text(heading);
        }
        if (reasons.text() !== lines.join('')) {
            reasons.empty().append(lines.map(function(line) {
                return $('<li>').text(line)[0];
            }));
        }
        field.attr('aria-invalid', state === 'weak' ? 'true' : null);
    }

    function judge() {
        judged = field.val();
        if (judged) {
            rcmail.http_post('plugin.all2all-check', {_new: judged, _serial: ++serial});
        }
    }

    function judge_after(milliseconds) {
        clearTimeout(timer);
        timer = setTimeout(judge, milliseconds);
    }

    function changed() {
        if (field.val() !== proposed.val()) {
            hide_proposal();
        }
        if (!field.val()) {
            clearTimeout(timer);
            judged = '';
            serial++;
            show('', '', []);
        }
        else if (field.val() !== judged) {
            // What is shown is another password's.
            serial++;
            judged = '';
            verdict.addClass('old');
            judge_after(PAUSE);
        }
    }

    rcmail.addEventListener('plugin.all2all_verdict', function(answer) {
        if (answer.serial !== serial || !judged) {
            return;
        }
        if (answer.wait) {
            show('', text('wait'), []);
            judge_after(answer.wait * 1000);
        }
        else if (answer.good === undefined) {
            show('', text('later'), []);
        }
        else {
            show(answer.good ? 'good' : 'weak', text(answer.good ? 'good' : 'weak'), answer.reasons);
        }
    });

    // ---- The proposal ----

    var propose = button('all2all-propose', 'propose'),
        proposed = $('<input type="text" id="all2all-proposed" class="form-control" readonly size="20">')
            .attr({autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off'}),
        copy = button('all2all-copy', 'copy'),
        spell = button('all2all-spell', 'spell')
            .attr({'aria-expanded': 'false', 'aria-controls': 'all2all-spelling'}),
        spelling = $('<ol id="all2all-spelling">').attr('aria-label', text('spelling')).hide(),
        hint = $('<p id="all2all-hint" role="status">'),
        proposal = $('<div id="all2all-proposal">').hide().append(
            $('<label for="all2all-proposed">').text(text('proposed')),
            proposed, $('<div class="all2all-buttons">').append(copy, spell), spelling);

    function show_spelling(shown) {
        spelling.toggle(shown);
        spell.attr('aria-expanded', shown ? 'true' : 'false').text(text(shown ? 'unspell' : 'spell'));
    }

    function hide_proposal() {
        proposal.hide();
        proposed.val('');
        spelling.empty();
        hint.text('');
        propose.text(text('propose'));
    }

    rcmail.addEventListener('plugin.all2all_proposal', function(answer) {
        if (answer.wait) {
            setTimeout(ask_for_one, answer.wait * 1000);
            return;
        }
        propose.prop('disabled', false);
        if (!answer.password) {
            hide_proposal();
            hint.text(text('failed'));
            return;
        }
        proposed.val(answer.password);
        spelling.empty().append(answer.spelling.map(function(name, i) {
            return $('<li>').append($('<span class="all2all-character">').text(answer.password[i]),
                ' ', $('<span>').text(name.replace('\u00a0', ' ')))[0];
        }));
        show_spelling(false);
        proposal.show();
        propose.text(text('another'));
        hint.text(text('filled'));
        field.val(answer.password);
        again.val(answer.password);
        // It was judged when it was drawn.
        clearTimeout(timer);
        serial++;
        judged = answer.password;
        show('good', text('good'), []);
    });

    function ask_for_one() {
        rcmail.http_post('plugin.all2all-propose', {_propose: 1})
            .fail(function() { propose.prop('disabled', false); });
    }

    propose.on('click', function() {
        propose.prop('disabled', true);
        hint.text(text('drawing'));
        ask_for_one();
    });

    copy.on('click', function() {
        function tell(copied) {
            hint.text(text(copied ? 'copied' : 'notcopied'));
        }
        function the_old_way() {
            proposed.trigger('focus').trigger('select');
            tell(document.execCommand('copy'));
        }
        if (navigator.clipboard) {
            navigator.clipboard.writeText(proposed.val()).then(function() { tell(true); }, the_old_way);
        }
        else {
            the_old_way();
        }
    });

    spell.on('click', function() {
        show_spelling(spelling.is(':hidden'));
    });

    proposed.on('focus', function() { this.select(); });
    field.on('input change', changed);

    // ---- Into the page ----

    field.attr('aria-describedby', 'all2all-verdict' + ($('#ruleslist').length ? ' ruleslist' : ''))
        .after(verdict, $('<div id="all2all-propose-box">').append(propose, proposal, hint));
    show('', '', []);
});
