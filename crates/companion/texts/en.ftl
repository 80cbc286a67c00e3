# Every word Holdline says, in window, tray, notifications and command line, by code and arguments.
#
# Arguments: $status is a presence status' label or "Offline"; $about is what a problem names (a permission,
# a file, a system's reason); $time is a clock time already written out.
# A text says what happened, what it means for the current call, and what to do.

## The call indicator

call-idle = No call
call-on_call = On call
call-ringing = Ringing
call-unknown = Unknown
call-wrap_up = Wrap-up

call-idle-explain = No voice work is assigned to you.
call-on_call-explain = Omni-Channel has no On Call status: during a call your presence stays as it is.
call-ringing-explain = A call is offered to you. Your presence does not change when you accept it.
call-unknown-explain = Holdline has no fresh word from Salesforce, so it does not guess. Requests to go Offline are held.
call-wrap_up-explain = The conversation has ended and its work is still open. Changing your status now closes it.

call-since = since { $time }
call-wrap_up-left = { $time } left
call-wrap_up-over = Time is up
call-wrap_up-done = All done
call-not_routed = Calls not shown
call-not_routed-explain = This org does not route calls through Omni-Channel, so Holdline cannot show them here. What your phone reports still holds requests to go Offline.
call-unknown-since = Unknown since { $time }
call-no_evidence = Waiting for the first word from Salesforce.
call-running-time = Running time
call-region = Call
call-announce = Call: { $phase }

## Presence and telephony

presence-title = Omni-Channel
presence-help = Your presence
presence-unknown = Not known yet
presence-logged_out = Offline
presence-kind-busy = Online, gets no work
presence-kind-logged_out = Logged out
presence-kind-online = Online, gets work
presence-kind-unknown = Waiting for Salesforce

telephony-title = Phone
telephony-none = No phone
telephony-none-help = No phone has joined Holdline.
telephony-next = then { $state }
telephony-show = Open Amazon Connect
telephony-unknown = Not known yet
telephony-kind-not_routable = Gets no calls
telephony-kind-offline = Signed out of calls
telephony-kind-routable = Gets calls
telephony-kind-system = Set by the phone
contacts =
    { $count ->
        [0] No contact
        [one] One contact
       *[other] { $count } contacts
    }
contact-after_call_work = Contact in after-call work
contact-connected = Contact connected
contact-ringing = Contact ringing

## Profiles and modes

observing = Holdline only observes
observing-help = Your organisation is trying Holdline out: it notes what it would do and changes nothing. Use the Omni-Channel widget for your status.
profile-cti_adapter = Your phone is steered by its own adapter in the console; Holdline only watches it.
profile-salesforce_voice = Your phone is steered by Salesforce Voice; Holdline only watches it.

## The status picker

picker-title = Change your Omni-Channel status
picker-offline = Offline
picker-offline-help = logs you out
picker-current = current
picker-held = held
picker-pending = being set
picker-kind-busy = gets no work
picker-kind-online = gets work
picker-empty = Your statuses will appear here once Salesforce has answered.

## Held and pending

held-title = { $status } is held
held-cancel = Cancel
held-cancel-label = Cancel the held { $status }
held-since = since { $time }
held-as = Meanwhile you are in { $status }, so that no new work comes.
held-announce = { $status } is held. { $text }
held-over-announce = Nothing is held any more.
pending-text = Setting { $status }, waiting for Salesforce to confirm…

held-call_active = { $status } waits until your call ends, because going Offline now would drop it. The call goes on; there is nothing to do.
held-call_ringing = { $status } waits because a call is ringing, and going Offline now could drop it. Answer it or let it go; { $status } follows when it is over.
held-no_evidence = { $status } waits because Holdline cannot see whether you are on a call. If a call is going on, it is safe. Open the Salesforce console, or cancel.
held-phone_contact = { $status } waits because your phone reports a contact, and going Offline now would drop it. The call goes on; there is nothing to do.
held-update = Holdline is to be updated, which restarts it. That waits until your call and its wrap-up are over. The call goes on; there is nothing to do.
held-update-no_evidence = Holdline is to be updated, which restarts it. That waits because Holdline cannot see whether you are on a call. If a call is going on, it is safe. Open the Salesforce console, or cancel.
held-wrap_up = { $status } waits until your wrap-up ends, because a status change would close the work. The conversation is over; finish the work, or cancel.

# What a held request is called when it is not a status.
target-accept_work = Accepting the work
target-close_any_work = Closing the work
target-decline_work = Declining the work
target-lower_flag = Lowering the flag
target-raise_flag = Raising the flag
target-close_work = Closing the call’s work
target-keep_holding = Keeping it waiting
target-offline = Offline
target-quit = Quit
target-resume_sync = Letting sync go on
target-sign_out = Sign out
target-use_org = Changing the org
target-restart = Restart
target-update = Update

## Answers to requests

answer-accepted = Accepted: { $what }.
answer-applying = Accepted: { $status } is being set.
answer-cancelled = The held request is cancelled.
answer-held = Held: { $reason }
answer-nothing = There was nothing to do.

refused-blocked = { $status } was refused because a call may be going on and your organisation's policy does not let requests wait. Your call is not affected. Ask again when the call is over.
refused-not_allowed = { $status } was refused: your presence configuration does not allow it. Your call and your status are unchanged. Accept it, or ask your admin to allow declining.
refused-reason_needed = { $status } was refused: your presence configuration asks for one of its reasons. Your call and your status are unchanged. Choose a reason from the list.
refused-not_carried_out = { $status } was not done: the Salesforce console refused, or it is not there. Your call and your status are unchanged. Do it in the console itself.
refused-not_saved = { $status } was not accepted because Holdline could not write it to disk. Your call and your status are unchanged. Free some disk space, then ask again.
refused-not_signed_in = { $status } was not accepted because nobody is signed in to Holdline. Your call is not affected. Sign in, then ask again.
refused-observing = { $status } was not set because your organisation has Holdline only observe for now. Your call and your status are unchanged. Use the Omni-Channel widget in the Salesforce console.
refused-rep_has_spoken = { $status } was not accepted because your own wish stands and comes first. Your call is not affected. There is nothing to do.
refused-replaced = { $status } was not accepted because a newer request came right after it. Your call is not affected; the newer request counts. There is nothing to do.
refused-ambiguous_org = { $status } may be one of several sign-ins. Your call is not affected. Name it by its id; holdlinectl orgs lists them.
refused-unknown_org = You are not signed in to { $status }. Your call is not affected. holdlinectl orgs lists where you are; sign in to add another.
refused-org_of_policy = Your organisation has set the org to sign in to: { $org }. Your call and your status are unchanged. Sign in there, or ask your admin.
refused-unknown_work = There is no such work any more. Your call and your status are unchanged. There is nothing to do.
refused-unknown_status = { $status } is not a presence status you may use in this org. Your call and your status are unchanged. Choose one from the list in Holdline, or ask your admin for access to it.

## Pairing

pairing-title-console = A Salesforce console wants to connect
pairing-title-phone = { $name } wants to connect
pairing-help-console = Compare this code with the one in your Salesforce console.
pairing-help-phone = Compare this code with the one on your phone program.
pairing-phone-unnamed = A phone program
# The name of a phone that asks for no more than to report; stands in pairing-title-phone.
pairing-name-report = { $name } (only reports, Holdline can’t set it)
pairing-code = Code { $code }
pairing-confirm = The codes match
pairing-refuse = They don't match

## Problems: the text says what happened and what it means for the current call; the remedy what to do

problems-title = Needs attention
problem-action-dismiss = Got it
problem-action-keep_holding = Keep it waiting
problem-action-dismiss-label = Got it: put this message away
problem-action-resume_sync = Let sync go on
problem-action-return = Go back online
problem-action-show_phone = Open Amazon Connect
problem-action-sign_in = Sign in

problem-another_call = Another call came in as the last one ended, so your request is still held. The new call is safe.
    .remedy = Take the call; the request is applied when it is over. To stay online, cancel the held request.
problem-connect_not_approved = Amazon Connect does not let Holdline's page show its panel, so Holdline does not see your phone. A call that is going on is not affected; Offline is still held while Salesforce shows one.
    .remedy = Ask your admin to add { $about } to the instance's approved origins (Amazon Connect console, your instance, Approved origins), then open Amazon Connect again.
problem-connect_page_closed = Amazon Connect is not open, so Holdline does not see your phone. A call that is going on is not affected; Offline is still held while Salesforce shows one.
    .remedy = Open Amazon Connect from Holdline and leave it open.
problem-connect_sign_in = You are not signed in to Amazon Connect ({ $about }), so Holdline does not see your phone. A call that is going on is not affected; Offline is still held while Salesforce shows one.
    .remedy = Open Amazon Connect from Holdline and sign in.
problem-console_connection_error = The Salesforce console has lost its connection to Omni-Channel. A call on your phone goes on, but new work may not reach you.
    .remedy = Wait a moment, then reload the Salesforce console. If it stays, check your network.
problem-console_missing = No Salesforce console is connected to Holdline. Calls are not affected, but Holdline cannot change your presence without it.
    .remedy = Open the Salesforce console in your browser and keep its tab open. If it is open, ask your admin whether the Holdline component is in its utility bar.
problem-hold_as_unknown = The settings name “{ $about }” as the status to set while a request is held, and none of your statuses without service channels is called so. Calls are guarded as before; new work may be routed to you while a request is held.
    .remedy = Tell your admin, who can correct hold_as or give you access to that status.
problem-hold_lasts = { $about } has been held for a long time now. A call that is going on is safe.
    .remedy = Keep it waiting, or cancel the held request if you have changed your mind.
problem-hold_lapsed = Your held { $about } has lapsed, because its call ended long ago or you have logged in anew. It was not applied, and no call was affected.
    .remedy = Ask for it again if you still want it.
problem-keyring_absent = This desktop has no keyring where the sign-in could be kept ({ $about }). Calls are not affected, but you cannot stay signed in.
    .remedy = Install and start a keyring, for example GNOME Keyring or KWallet, then sign in again.
problem-keyring_denied = The keyring did not let Holdline in. Calls are not affected, but your sign-in cannot be read or kept.
    .remedy = Allow Holdline in your keyring's settings, then sign in again.
problem-keyring_hung = The keyring does not answer; its question may be waiting behind another window. Calls are not affected.
    .remedy = Look for the keyring's window and answer it, then sign in again.
problem-keyring_locked = The keyring is locked, so your sign-in cannot be read. Calls are not affected.
    .remedy = Unlock the keyring, then sign in again.
problem-logged_out_after_miss = Omni-Channel logged you out because a call was declined or not answered. That is your org's setting; no call is going on because of it.
    .remedy = Go back online when you are ready to take calls.
problem-logged_out_by = Omni-Channel logged you out: { $about ->
        [DuplicateLogin] you logged in somewhere else
        [DuplicateLoginInSameBrowser] Omni-Channel is open in another tab of this browser
        [MaintenanceLogout] Salesforce is being maintained
        [OmniSupervisorLogout] a supervisor changed your status
        *[other] { $about }
    }. A call that is going on stays connected.
    .remedy = { $about ->
        [DuplicateLogin] Close the other Salesforce console, then go back online.
        [DuplicateLoginInSameBrowser] Close the other tab, then go back online.
        [MaintenanceLogout] Try again in a few minutes.
        [OmniSupervisorLogout] Ask your supervisor, or go back online.
        *[other] Go back online when you are ready.
    }
problem-logged_out_during_call = You were logged out of Omni-Channel during a call. The call is still connected: Holdline keeps your phone from going Offline until it ends.
    .remedy = Finish the call. To go on taking work afterwards, go back online.
problem-org_moved = Salesforce has moved your org to another data centre, and everybody was logged out of Omni-Channel. Holdline cannot see calls until the console is back.
    .remedy = Reload the Salesforce console and go back online.
problem-org_unreachable = Salesforce cannot be reached ({ $about }). A call on your phone goes on; requests to go Offline are held, because Holdline cannot see the call.
    .remedy = Check your network or VPN. Holdline keeps trying by itself.
problem-permission_missing = A permission is missing in your org: { $about }. Your call is not affected, but Holdline cannot show everything.
    .remedy = Ask your Salesforce admin for the permission “{ $about }”.
problem-phone_refused = Your phone refused the state { $about }. Your call is not affected, but phone and Omni-Channel may now differ.
    .remedy = Set the state on the phone itself. If it happens again, tell your admin.
problem-presence_refused = A sync rule asked for { $about }, and Salesforce did not take it on. Your call is not affected, but phone and Omni-Channel may now differ.
    .remedy = Set the status in the Salesforce console. If it happens again, tell your admin.
problem-policy_invalid = Your organisation’s settings for Holdline are not valid: { $about }. A call is not affected: requests to go Offline are held as strictly as possible, and phone and presence do not follow each other, until this is mended.
    .remedy = Show this to whoever looks after Holdline in your organisation.
problem-ports_taken = Holdline found no free port on this computer, so neither a console nor a phone can connect. Calls are not affected, but they are not guarded either.
    .remedy = Close the program that uses the ports (or another Holdline) and start Holdline again, or ask your admin to set another list of ports.
problem-request_limit = Salesforce takes no more requests: { $about }. A call on your phone goes on; Holdline now relies on the console alone.
    .remedy = Keep the Salesforce console open and tell your admin. Holdline tries again by itself.
problem-request_limit_near = Your org has used { $about } of its Salesforce requests for today. Holdline asks less often; without a console, what it shows of a call may be a minute old.
    .remedy = Keep the Salesforce console open, which needs no requests, and tell your admin.
problem-settings_invalid = The settings are not valid: { $about }. Calls are guarded as strictly as possible until this is fixed.
    .remedy = Correct the named line, or ask your admin to, then start Holdline again.
problem-sign_in_again = Your sign-in is no longer valid: { $about }. A call on your phone goes on, but Holdline cannot see it in Salesforce any more.
    .remedy = Sign in again.
problem-sign_in_failed = The sign-in did not work: { $about }. Calls are not affected.
    .remedy = Check the org's address and try again. If it keeps failing, ask your admin whether Holdline is allowed in your org.
problem-state_corrupt = The file with Holdline's state was damaged and has been set aside as { $about }. No call is affected; a request that was held before is gone.
    .remedy = Ask for Offline again if it was held. You can delete the damaged file.
problem-state_not_saved = Holdline cannot write its state to disk: { $about }. Your call is not affected, but requests cannot be held until this is fixed.
    .remedy = Free some disk space and check that you may write to Holdline's folder.
problem-stream_stopped = Salesforce does not push status changes to Holdline for now: { $about ->
        [limit] the org has used up what it allows
        [refused] it does not let you listen to them
        *[unavailable] it is too busy, or something else answers in its place
    }. Your call is not affected: Holdline goes on without, and what a supervisor changes may show half a minute later when no console is open.
    .remedy = { $about ->
        [refused] Tell your admin, who can make the topic, give you access to it, or turn streaming off.
        *[other] Nothing to do: Holdline tries again by itself. Tell your admin if it comes often.
    }
problem-sync_paused = Your phone and Omni-Channel were set by rules so often that Holdline has stopped setting them. A call that is going on is safe, and requests to go Offline are still guarded.
    .remedy = Set phone and presence as you want them, then let sync go on. If it happens again, tell your admin.
problem-trace_not_written = Holdline cannot write its trace to disk: { $about }. Your call is not affected.
    .remedy = Free some disk space and check that you may write to Holdline's folder.
problem-write_not_confirmed = Salesforce has not confirmed { $about } yet. Your call is not affected; Holdline tries again by itself.
    .remedy = Wait a moment. If it stays, set the status in the Salesforce console.

## Notifications: title and body

notice-another_call = Another call came in
    .body = { $status } is still held until it is over. Cancel it in Holdline if you want to stay online.
notice-applied = { $status } is set
    .body = Your call is over, and Salesforce has confirmed { $status }.
notice-cancelled = Hold cancelled
    .body = { $status } will not be set. You stay as you are.
notice-failed = { $status } is not confirmed yet
    .body = Salesforce has not confirmed { $status }. Holdline tries again; your call is not affected.
notice-held = { $status } is held
    .body = A call may be going on and is kept safe. { $status } follows when it is over; you can cancel it in Holdline.
notice-hold_lasts = { $status } is still held
    .body = It has been waiting for a long time. Your call is safe. Open Holdline to keep it waiting or to cancel it.
notice-lapsed = { $status } has lapsed
    .body = It was held for a call that ended long ago, so it was not set. Ask again if you still want it.
notice-logged_out = Logged out of Omni-Channel
    .body = Omni-Channel logged you out. A call that is going on stays connected. Open Holdline to see why and to go back online.
notice-logged_out_during_call = Logged out during your call
    .body = The call is still connected, and Holdline keeps your phone from going Offline. Open Holdline to go back online.

notice-sync_paused = Sync is paused
    .body = Your phone and Omni-Channel were set by rules too often, so Holdline has stopped setting them. Your call is safe. Open Holdline to let sync go on.

## Signing in and out

sign_in-title = Sign in to Salesforce
sign_in-help = Your browser opens and you sign in there as usual. Holdline never sees your password.
sign_in-kind = Where do you sign in?
sign_in-production = Production
sign_in-production-help = login.salesforce.com
sign_in-sandbox = Sandbox
sign_in-sandbox-help = test.salesforce.com
sign_in-custom = My Domain or other
sign_in-custom-help = Your company's own address
sign_in-org = Org address
sign_in-org-help = For example mycompany.my.salesforce.com. Ask your admin if you are not sure.
sign_in-org-empty = Type your org's address, or choose Production or Sandbox.
sign_in-button = Sign in
sign_in-waiting = Waiting for your browser…
sign_in-waiting-help = Finish signing in there; this window goes on by itself. No browser window? Cancel and try again.
sign_in-cancel = Cancel
signed_out = Signed out
session-announce-signed_in = Signed in as { $name }
sign_out-button = Sign out
orgs-kept = You are signed in to
orgs-use = { $name } at { $org }
orgs-active = { $name } at { $org }, in use
orgs-switch = Change org
orgs-none = You are signed in to no org.
footer-signed_in = { $name } at { $org }
footer-console-connected = Console connected
footer-console-missing = No console

## Requests that failed at once, and the window's own troubles

request-failed = That did not work
window-loading = Starting…
window-no_host = The window has lost its connection to Holdline. Close it and open it again from the tray.

## Updates

update-failed = Holdline was not updated
update-waits = Holdline { $version } is ready
    .body = It is installed when your call and its wrap-up are over, so that nothing is dropped. There is nothing to do.

## The desktop session

inhibit-why = A request to go Offline waits for your call to end

## The tray

tray-tooltip = Holdline: { $call } · { $presence }
tray-tooltip-held = Holdline: { $call } · { $presence } · { $held } held
tray-tooltip-signed_out = Holdline: signed out
tray-status = { $call } · { $presence }
tray-offline = Offline
tray-cancel = Cancel held { $status }
tray-show = Show Holdline
tray-phone = Amazon Connect
tray-sign_in = Sign in…
tray-sign_in-cancel = Stop signing in
tray-sign_out = Sign out
tray-quit = Quit Holdline
tray-current = ✓ { $status }
tray-held = ⏸ { $status }
tray-other =    { $status }

refused-stopping = { $status } was not accepted because Holdline is ending. Your call is not affected. Start Holdline, then ask again.

## Why things are as they are (holdlinectl explain). $status is a label or "Offline", $time a local clock time.

explain-nothing = There is no trace to explain from yet. Start Holdline, or name its profile with --profile.
explain-too_early = The trace begins only at { $time }; what was before is not known any more.
explain-signed_out = Nobody is signed in to Holdline, so it does not see your presence.
explain-call = { $phase } since { $time }.
explain-presence-logged_out = You are logged out of Omni-Channel (Offline) since { $time }.
explain-presence-status = Your presence is { $status } since { $time }.
explain-presence-unknown = Your presence is not known: Salesforce has not told it yet.
explain-by = { $doer ->
    [holdline] Holdline set it.
    [omni_channel] Omni-Channel did that itself, because a call was declined or not answered. It is your org's setting, and Holdline does not fight it.
    [first_seen] It was so already when Holdline first saw it, so who set it is not known.
   *[salesforce] It was changed in Salesforce, in the Omni-Channel widget or by somebody else there, not by Holdline.
}
explain-by_holdline-asked = Holdline set it, because { $asker } at { $time }.
explain-by_holdline-rule = Holdline set it, because { $rule } at { $time }.
explain-by_reason = Omni-Channel's reason: { $reason ->
    [DuplicateLogin] you logged in somewhere else.
    [DuplicateLoginInSameBrowser] Omni-Channel was opened in another tab of the same browser.
    [MaintenanceLogout] Salesforce was being maintained.
    [OmniSupervisorLogout] a supervisor changed your status.
   *[other] { $reason }.
}
explain-by_untold = Who set it is older than the trace, which begins at { $time }.
explain-confirmed = Salesforce confirmed { $status } at { $time }, { $seconds } s after it was written.
explain-held = { $status } is held since { $time }: { $asker }.
explain-held_as = Meanwhile your status is { $status }, so that no new work comes.
explain-pending = { $status } is being set since { $time }: { $asker }. Salesforce has not confirmed it yet.
explain-hold_ended = The last held request, { $status }, { $how ->
    [applied] was applied
    [cancelled] was cancelled
    [lapsed] lapsed
   *[replaced] gave way to a newer wish
} at { $time }.
explain-nothing_held = Nothing is held.
explain-refused = Your last request, { $status } at { $time }, was refused by the guard.
explain-would_hold = Holdline only observes: it would have held { $status } at { $time }.
explain-phone = Your phone is { $state }.
explain-phone_since = Your phone is { $state } since { $time }.
explain-phone_next = After the contact it will be { $state }.
explain-phone_rule = Holdline asked it to be { $state } at { $time }, because { $rule }.
explain-phone_confirmed = The phone confirmed { $state } at { $time }, { $seconds } s after it was asked.
explain-phone_none = No phone has joined Holdline.
explain-sync_paused = Sync is paused: rules have written too often.
explain-observing = Holdline only observes: it writes nothing.
explain-told = Last heard of at { $time }.

words-asker = { $origin ->
    [idle] you had been idle for as long as the settings allow
    [rule] a rule wanted it
    [screen_lock] the screen was locked
    [shortcut] you asked for it with the shortcut
    [shutdown] the computer was to shut down
    [status_api] holdlinectl or another program of yours asked for it
    [tray] you asked for it in Holdline's tray menu
    [updater] an update wanted it
   *[window] you asked for it in Holdline's window
}
words-asker_untold = who asked for it is older than the trace
words-rule = rule “{ $rule }” fired when { $event ->
    [ConnectAgentStateChange] the phone changed
    [SalesforceAgentLogout] you logged out of Omni-Channel
    [SalesforceAgentStateChange] your status changed
    [SalesforceWorkAccepted] you accepted work
   *[SalesforceWorkloadChanged] your workload changed
}{ $state ->
    [none] {""}
   *[other] {" "}to { $state }
}

## The trace in words (holdlinectl trace)

trace-line = { $time }  { $n }  { $event }
trace-changed = changes { $parts }
trace-gap = { $lost } causes are missing here: they could not be written.
trace-header = ── Holdline { $version }, from cause { $n } ──
trace-unreadable = { $file }, line { $number }: { $why }
trace-event = { $type ->
    [cancel] The rep cancels the held request
    [catalogue] The org tells its statuses and channels
    [command_answered] The console answers a command: { $what }
    [connection_error] The console has lost Omni-Channel
    [console_connected] A console has connected
    [console_gone] The console has gone
    [console_heard] Sign of life of the console
    [console_snapshot] The console tells everything: { $what }
    [conversation_ended] A call's conversation has ended
    [dismiss] The rep puts a message away: { $what }
    [omni_logout] Logged out of Omni-Channel { $what }
    [pairing_ended] A pairing is over
    [pairing_offered] Somebody wants to be paired
    [phone_answered] The phone answers a request: { $what }
    [phone_gone] The phone has gone
    [phone_joined] A phone has joined
    [phone_state] The phone tells its state: { $what }
    [problem_cleared] Right again: { $what }
    [problem_raised] Wrong at an edge: { $what }
    [read_failed] The org could not be read: { $what }
    [request] Request: { $what }
    [resume_sync] The rep lets sync go on
    [return] The rep goes back online
    [rows] The org tells works and presence: { $what }
    [save_failed] The state could not be written to disk
    [saved] The state is on disk
    [sign_in_started] A sign-in has begun
    [signed_in] Signed in
    [signed_out] Signed out
    [status_changed] Status in Omni-Channel: { $what }
    [stream_gap] The org's stream may have left something out
    [stream_stopped] The org sends nothing for now: { $what }
    [streamed] The org sends word
    [tick] Time has passed
    [work] Work: { $what }
    [workload] The workload has changed
   *[other] { $type } { $what }
}
trace-effect = { $type ->
    [answer] answers: { $what }
    [console] to the console: { $what }
    [notify] tells the rep: { $what }
    [phone] to the phone: { $what }
    [quit] quits
    [read] reads the org
    [restart] restarts
    [save] saves
    [sign_out] signs out
    [withdraw] takes a command back
   *[other] { $type } { $what }
}
trace-note-breaker = { $open ->
    [true] too many automatic writes: sync is paused
   *[false] sync goes on
}
trace-note-confirmed = { $side } confirms { $state } after { $seconds } s
trace-note-guarded = { $how ->
    [held] the guard holds { $target } ({ $reason })
    [let_through] the guard lets { $target } through
    [refused] the guard refuses { $target } ({ $reason })
   *[would_hold] the guard would hold { $target } ({ $reason })
}
trace-note-hold_ended = the hold of { $target } is over ({ $how })
trace-note-ignored = left out of account: { $source } ({ $why })
trace-note-phase = call { $from } → { $to } ({ $source })
trace-note-presence = presence { $from } → { $to }, by { $by } ({ $source })
trace-note-problem = { $raised ->
    [true] needs attention: { $code }
   *[false] right again: { $code }
}
trace-note-rule = rule “{ $rule }” wants { $side } { $state } ({ $outcome })
trace-note-sent = sent to { $side }: { $state }, try { $attempt }{ $enqueue ->
    [true] {""}, for after the contact
   *[false] {""}
}
trace-presence-unknown = unknown

## Replays (holdlinectl replay)

replay-same = { $file }: { $causes } causes are decided the same, to the byte.
replay-lost = { $file }: { $lost } causes are missing and could not be looked at.

## Support

# Each check of `doctor`: its name, then what may be found, with the remedy of what is not as it should be.

doctor-adapter = Sync rules of other programs
doctor-adapter-apart = No other program’s presence sync rules were found in the org.
doctor-adapter-not_asked = Whether another program in the org carries states between phone and Omni-Channel was not looked at.
    .remedy = Start Holdline and sign in, then look again.
doctor-adapter-org_rules = The org has presence sync rules of another program ({ $about }), and Holdline has rules too. Both may answer the same change, and undo each other’s.
    .remedy = Have your administrator turn off one of them: that program’s rules, or Holdline’s with sync.rules naming a file without rules.
doctor-adapter-two_writers = The phone is steered by its own adapter or by Salesforce Voice, and sync.write_phone has Holdline write to it as well. Each would undo what the other has set.
    .remedy = Leave sync.write_phone out, or turn off that adapter’s presence sync.
doctor-browser = Browser
doctor-browser-found = Sign-in pages open in { $name }.
doctor-browser-no_default = No default browser is set, so that sign-in pages may not open. Calls are not affected.
    .remedy = Choose a default browser in the system’s settings.
doctor-browser-none = There is no program that opens web pages, so that nobody can sign in. Calls are not affected.
    .remedy = Install xdg-utils and a browser.
doctor-clock = Clock
doctor-clock-far_off = This computer’s clock is { $seconds } seconds { $direction }. Certificates and sign-ins may be refused for that.
    .remedy = Set the clock, or turn on its setting by the network.
doctor-clock-not_told = Salesforce has not told its time yet.
    .remedy = Look again when Salesforce can be reached.
doctor-clock-off = This computer’s clock is { $seconds } seconds { $direction }. Holdline allows for it, but times in its trace look wrong.
    .remedy = Set the clock, or turn on its setting by the network.
doctor-clock-right = This computer’s clock agrees with Salesforce’s.
doctor-console = Salesforce console
doctor-console-connected = The console is connected.
doctor-console-missing = No console is connected. Statuses can’t be changed, and calls are seen later.
    .remedy = Open the Salesforce console in a browser on this computer. If it is open: confirm its pairing in Holdline; let the page reach this computer when the browser asks (local network access); and have your administrator check that the Holdline utility item is in the app, and that http://localhost with Holdline’s ports is a CSP Trusted Site.
doctor-console-not_running = Whether the console is connected can’t be told, because Holdline does not run.
    .remedy = Start Holdline, then look again.
doctor-console-signed_out = Whether the console is connected can’t be told, because nobody is signed in to Holdline.
    .remedy = Sign in, then look again.
doctor-console_host = Where the console runs
doctor-console_host-elsewhere = You are online in Omni-Channel, but no console has found Holdline on this computer. It may be open in a browser on another one, such as a Citrix or Remote Desktop host.
    .remedy = Run Holdline on the computer whose browser has the console, in the same session. If that is this one, see “Salesforce console”.
doctor-console_host-here = The console runs in a browser on this computer.
doctor-console_host-not_told = Where the console runs is not known, because none is open.
    .remedy = Open the console, then look again.
doctor-console_host-remote_session = This is a session on a remote computer ({ $about }). Holdline and the console’s browser must run on the same computer, in the same session.
    .remedy = Open the console in a browser of this session, or run Holdline where that browser is.
doctor-keyring = Keyring
doctor-keyring-absent = There is no keyring on this desktop, so that a sign-in lasts only as long as Holdline runs. Calls are not affected.
    .remedy = Start one, for example gnome-keyring or KWallet, and have it start with the session.
doctor-keyring-denied = The keyring has refused Holdline, so that a sign-in can’t be kept. Calls are not affected.
    .remedy = Sign in once more and allow Holdline to use the keyring.
doctor-keyring-failed = The keyring has failed, so that a sign-in can’t be kept. Calls are not affected.
    .remedy = Restart the keyring, or log in to the desktop again.
doctor-keyring-hung = The keyring does not answer. Calls are not affected.
    .remedy = Look for its prompt behind other windows, or restart it.
doctor-keyring-locked = The keyring is locked, so that a kept sign-in can’t be used. Calls are not affected.
    .remedy = Unlock it; or give it the password of your session, so that it unlocks with it.
doctor-keyring-memory = Sign-ins are kept in memory only, as this Holdline was started; they end with it.
    .remedy = Start Holdline without --keyring session.
doctor-keyring-open = The keyring answers.
doctor-network = Way to Salesforce
doctor-network-certificates = A certificate that network.ca_certificates names can’t be read, so that Salesforce is not asked at all. A call on your phone goes on.
    .remedy = Name PEM files that everybody on this computer may read.
doctor-network-connect = { $host } does not accept connections from here. A call on your phone goes on, but Holdline can’t see it in Salesforce.
    .remedy = Check the network and the firewall, or set network.proxy if this network needs a proxy.
doctor-network-cut = The connection to { $host } was cut. A call on your phone goes on, but Holdline can’t see it in Salesforce.
    .remedy = Check the network; a firewall or TLS inspection may cut it.
doctor-network-dns = The name { $host } was not found. A call on your phone goes on, but Holdline can’t see it in Salesforce.
    .remedy = Check the org’s address and this network’s name server.
doctor-network-no_org = No org is known yet.
    .remedy = Sign in, or set org.url, then look again.
doctor-network-not_salesforce = A web page answered instead of { $host }: a proxy’s or network’s login page, or the address is none of Salesforce’s.
    .remedy = Sign in to the network in a browser, or correct the org’s address.
doctor-network-proxy = The proxy on the way to { $host } refused, or can’t be reached. A call on your phone goes on, but Holdline can’t see it in Salesforce.
    .remedy = Check network.proxy, or the system’s proxy and HTTPS_PROXY. A proxy that wants a user name can’t be used.
doctor-network-reached = { $host } answers.
doctor-network-refused = { $host } answers, but not as Salesforce does: { $about }.
    .remedy = Try again in some minutes; if it stays, check the org’s address.
doctor-network-time_out = { $host } did not answer in time. A call on your phone goes on, but Holdline can’t see it in Salesforce.
    .remedy = Check the network and the firewall, or set network.proxy if this network needs a proxy.
doctor-network-tls = There is no secure connection to { $host }: its certificate is not trusted here. A call on your phone goes on, but Holdline can’t see it in Salesforce.
    .remedy = If your organisation inspects TLS, name its certificate authority in network.ca_certificates; else check the clock and the address.
doctor-oauth_ports = Ports for the sign-in
doctor-oauth_ports-free = A sign-in can come back on port { $ports }.
doctor-oauth_ports-taken = Every port that a sign-in comes back on is taken by another program ({ $ports }), so that nobody can sign in.
    .remedy = Close that program, or choose other ports with oauth.ports and register them in the External Client App.
doctor-permissions = Rights in the org
doctor-permissions-all = Everything that Holdline reads may be read.
doctor-permissions-missing = These may not be read: { $about }. Holdline goes on with less.
    .remedy = Have your administrator assign the permission set “Holdline Rep”.
doctor-permissions-not_asked = What may be read in the org was not looked at, because nobody is signed in.
    .remedy = Start Holdline and sign in, then look again.
doctor-policy = Settings
doctor-policy-invalid = Settings are not valid, so that calls are guarded as strictly as possible and some of your settings do not count: { $about }
    .remedy = Correct them; holdlinectl policy check FILE checks a file.
doctor-policy-none = Your organisation sets nothing on this computer.
doctor-policy-valid = Your organisation’s settings are valid: { $places }.
doctor-ports = Ports for consoles and phones
doctor-ports-free = Port { $ports } is free for Holdline.
doctor-ports-serving = Holdline listens on port { $ports }.
doctor-ports-taken = Every port of Holdline’s is taken by another program ({ $ports }), so that no console and no phone can connect.
    .remedy = Close that program and restart Holdline, or choose other ports with loopback.ports.
doctor-streaming = Changes pushed by Salesforce
doctor-streaming-limit = The org pushes nothing to this computer, because it has used up its clients at a time or its events of 24 hours. Holdline asks instead, which is slower, and tries again within half an hour.
    .remedy = Have your administrator look at “Streaming API Events, Last 24 Hours” in Setup (Company Information), or set streaming.mode to off where there are more reps than clients.
doctor-streaming-listening = Salesforce pushes changes of the PushTopic { $topic } to this computer.
doctor-streaming-no_permission = You may not read the PushTopic { $topic }, so that Salesforce pushes nothing to this computer. Holdline asks instead, which is slower.
    .remedy = Have your administrator assign the permission set “Holdline Rep”, or set streaming.mode to off.
doctor-streaming-no_topic = The org has no PushTopic { $topic }, so that Salesforce pushes nothing to this computer. Holdline asks instead, which is slower.
    .remedy = Have your administrator make it (it comes with Holdline’s console package), name another with streaming.topic, or set streaming.mode to off.
doctor-streaming-not_asked = Whether Salesforce pushes changes to this computer was not looked at.
    .remedy = Start Holdline and sign in, then look again.
doctor-streaming-off = Salesforce pushes nothing to this computer, as the settings say. Holdline asks instead.
doctor-streaming-refused = The org has the PushTopic { $topic }, but does not let you listen to it. Holdline asks instead, which is slower, and tries again within half an hour.
    .remedy = Have your administrator see that the topic is active, that its query has the field UserId, and that you may read what it selects.
doctor-streaming-unavailable = The org has the PushTopic { $topic }, but what answers for it is too busy, or is not Salesforce. Holdline asks instead, which is slower, and tries again within half an hour.
    .remedy = Have your administrator see whether a proxy cuts or changes connections to the path /cometd/ of the org’s host, and whether Salesforce reports trouble (trust.salesforce.com).
doctor-streaming-waiting = The org has the PushTopic { $topic }, and you may read it. This computer has not been let in yet.
    .remedy = Look again in a minute. If it stays so, a proxy may hold back connections to the path /cometd/ of the org’s host.
doctor-webview = Web view
doctor-webview-broken = The window can’t open: { $about }. Holdline still guards your calls from the tray.
    .remedy = Install or repair the system’s web view: libwebkit2gtk-4.1-0 on Linux, the WebView2 Runtime on Windows.
doctor-webview-found = The window is drawn by version { $version }.
doctor-webview-no_window = The window’s program is not installed here.
    .remedy = Where a window is wanted, install the whole of Holdline.
doctor-webview-old = The web view is version { $version }, and the window needs { $oldest }. Holdline still guards your calls from the tray.
    .remedy = Update the system’s web view.

support-not_saved = The diagnostic file was not saved: { $about }. Calls are not affected. Free some disk space, or save it with holdlinectl diagnose --out FILE.
support-nothing_shown = There is nothing to save yet. Look at the diagnostic file first.
support-starting = Holdline is still starting. Ask again in a moment.

support-back = Back
support-contact = When something is wrong, tell: { $contact }
support-open = Settings and help
support-title = Settings and help

settings-title = Settings
settings-none = Nobody has set anything: Holdline’s own values hold.
settings-set_by-built_in = Built in
settings-set_by-policy = Set by your organisation
settings-set_by-user = Set by you

findings-title = Is everything all right?
findings-help = Looks at keyring, network, console, rights and everything else that Holdline needs, and says what to do. Changes nothing.
findings-look = Look
findings-looking = Looking…
findings-count =
    { $count ->
        [0] Nothing is wrong.
        [one] One thing is not as it should be.
       *[other] { $count } things are not as they should be.
    }
findings-health-error = broken
findings-health-good = all right
findings-health-unknown = not looked at
findings-health-warning = not quite right

diagnostic-title = Diagnostic file
diagnostic-help = What support needs to find out what is wrong: versions, settings, what was found above, and the newest lines of log and trace. Tokens, names and telephone numbers are taken out, and nothing is sent.
diagnostic-make = Show what would be saved
diagnostic-making = Putting it together…
diagnostic-shown = This would be saved. Look at it, then save it.
diagnostic-save = Save
diagnostic-saved = Saved as { $path }
diagnostic-size = { $kilobytes } kB

## Settings, as the window and administrative templates name them

setting-away-idle_after = Counts as idle after
setting-away-on_idle = Asked for when you are idle
setting-away-on_lock = Asked for when the screen is locked
setting-calls-channels = Other channels that are calls
setting-connector-origins = Web pages that may be a phone
setting-connector-pairing = Phones may be paired by code
setting-connector-tokens = Tokens of phones
setting-desktop-autostart = Starts with the desktop
setting-guard-guarded = Requests that wait for the call
setting-guard-hold_as = Status while Offline is held
setting-guard-longest_hold = Ask about a hold after
setting-guard-policy = Offline during a call
setting-guard-wrap_up = Offline during wrap-up
setting-holdline-mode = Mode
setting-holdline-profile = Who writes to the phone
setting-log-level = Log level
setting-log-megabytes = Log kept, in megabytes
setting-loopback-ports = Ports for consoles and phones
setting-network-ca_certificates = More trusted certificates
setting-network-proxy = Proxy
setting-oauth-ports = Ports for the sign-in
setting-org-client_id = Consumer key of the app
setting-org-url = Org
setting-shortcut-offline = Shortcut for Offline
setting-shortcut-show = Shortcut for the window
setting-streaming-mode = Changes pushed by Salesforce
setting-streaming-topic = PushTopic
setting-support-contact = Whom to tell
setting-sync-authority = Which side counts
setting-sync-rules = Sync rules
setting-sync-write_phone = Rules may write to the phone
setting-telemetry-endpoint = OpenTelemetry collector
setting-telemetry-interval = Sent to it every
setting-telephony-amazon_connect = Amazon Connect instance
setting-telephony-login = Sign-in to Amazon Connect begins at
setting-telephony-softphone = Holdline’s page carries the calls’ audio
setting-telephony-where = Amazon Connect is shown in
setting-timings-percent = Every duration, in percent
setting-trace-enabled = Trace is written
setting-trace-megabytes = Trace kept, in megabytes
setting-updates-channel = Channel of updates
setting-updates-enabled = Updates itself
setting-updates-every = Looks for updates every
setting-updates-public_key = Key that updates are signed with
setting-updates-url = Address of updates

# Works: what the rep has open in the console.
work-region = Your work
work-call = Call
work-other = Work
work-offered = offered
work-flagged = flag raised
work-none = No work. It is listed here when it is routed to you.
work-accept = Accept
work-decline = Decline
work-decline-reason = Why you decline
work-decline-cancel = Keep it
work-close = Close
work-flag = Ask for help
work-flag-message = What do you need help with?
work-flag-send = Raise the flag
work-flag-cancel = Never mind
work-unflag = Lower the flag
works-none = You have no work open in the console.
## The page with Amazon Connect's panel

ccp-loading = Loading Amazon Connect …
ccp-live = Joined to Holdline. Leave this page open.
ccp-silent = Amazon Connect does not answer. Holdline loads it again as soon as no call is at risk.
ccp-signed_out = You are not signed in to Amazon Connect.
ccp-not_approved = Amazon Connect does not show its panel here.
ccp-not_approved-remedy = If you have signed in, ask your admin to add { $origin } to the approved origins of your instance (Amazon Connect console, your instance, Approved origins). If you have not, sign in now.
ccp-no_link = Looking for Holdline …
ccp-refused = Open this page from Holdline: its menu has Amazon Connect.
ccp-replaced = Your phone is joined through another page now.
ccp-sign_in = Sign in to Amazon Connect
ccp-take_over = Use this page
