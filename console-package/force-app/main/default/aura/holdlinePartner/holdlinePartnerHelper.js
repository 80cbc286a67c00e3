({
    // The console toolkit's methods, as the partner calls them. getServicePresenceStatusChannels is not among them:
    // Apex tells the channels of all statuses in one go.
    METHODS: [
        "acceptAgentWork",
        "closeAgentWork",
        "declineAgentWork",
        "getAgentWorkload",
        "getAgentWorks",
        "getServicePresenceStatusId",
        "login",
        "logout",
        "lowerAgentWorkFlag",
        "raiseAgentWorkFlag",
        "setServicePresenceStatus"
    ],

    // Holdline may well be there, but org or browser does not let the page reach it.
    BLOCKED: ["blocked_by_csp", "no_crypto", "permission_denied", "permission_prompt"],

    ICONS: {
        blocked: ["utility:ban", "warning"],
        connected: ["utility:success", "success"],
        looking: ["utility:search", ""],
        pairing: ["utility:link", ""],
        refused: ["utility:warning", "warning"]
    },

    /** Asks the org who the rep is and what they may use, and starts the partner. */
    begin: function (cmp) {
        var self = this;
        this.show(cmp, { state: "looking", code: "starting" });
        this.ask(cmp, "c.mine", {}).then(
            $A.getCallback(function (setup) {
                if (cmp.isValid()) {
                    self.start(cmp, setup);
                }
            }),
            $A.getCallback(function () {
                // The rep lacks the permission set, or the org can't be reached.
                self.show(cmp, { state: "refused", code: "no_setup", canRetry: true });
            })
        );
    },

    start: function (cmp, setup) {
        var self = this;
        this.end(cmp);
        cmp._partner = window.createHoldlinePartner({
            toolkit: this.toolkit(cmp.find("omniToolkit")),
            fetch: function (url, init) {
                // eslint-disable-next-line @locker/locker/distorted-window-fetch -- only for Salesforce's own endpoints
                return window.fetch(url, init);
            },
            storage: this.storage(),
            ports: cmp
                .get("v.ports")
                .split(",")
                .map(Number)
                .filter(function (port) {
                    return port > 0 && port < 65536;
                }),
            orgId: setup.orgId,
            userId: setup.userId,
            setup: setup,
            texts: this.texts(),
            show: $A.getCallback(function (state) {
                self.show(cmp, state);
            }),
            isVisible: function () {
                return document.visibilityState === "visible";
            },
            readCalls: $A.getCallback(function (ids) {
                return self.ask(cmp, "c.calls", { workItemIds: ids });
            })
        });
        this.listen(cmp);
        cmp._partner.start();
    },

    /** Ends the partner, for good or before another is started. */
    end: function (cmp) {
        if (cmp._partner) {
            cmp._partner.stop();
            cmp._partner = null;
        }
        if (cmp._stopListening) {
            cmp._stopListening();
            cmp._stopListening = null;
        }
    },

    retry: function (cmp) {
        if (cmp._partner) {
            cmp._partner.retry();
        } else {
            this.begin(cmp);
        }
    },

    /** Hands an event of Omni-Channel on, with those of its parameters that leave the page. */
    happened: function (cmp, type, event, fields) {
        var happened = { type: type };
        fields.forEach(function (field) {
            var value = event.getParam(field);
            if (value !== undefined && value !== null) {
                happened[field] = value;
            }
        });
        if (cmp._partner) {
            cmp._partner.event(happened);
        }
    },

    /** What the page itself tells, and Salesforce Voice where the org has it. */
    listen: function (cmp) {
        var partner = cmp._partner;
        var visible = $A.getCallback(function () {
            partner.visibilityChanged();
        });
        var refused = $A.getCallback(function (violation) {
            partner.policyViolation(violation);
        });
        var leaving = function (unload) {
            return partner.beforeUnload(unload);
        };
        var gone = function () {
            partner.leaving();
        };
        var back = $A.getCallback(function (shown) {
            if (shown.persisted) {
                partner.start();
            }
        });
        var ended = $A.getCallback(function (call) {
            partner.callEnded(call && call.detail && call.detail.callId);
        });
        var voice = null;
        document.addEventListener("visibilitychange", visible);
        document.addEventListener("securitypolicyviolation", refused);
        window.addEventListener("beforeunload", leaving);
        window.addEventListener("pagehide", gone);
        window.addEventListener("pageshow", back);
        // Not in the markup: an org without Salesforce Voice does not have this component.
        $A.createComponent("force:serviceCloudVoiceToolkitApi", {}, function (toolkit, status) {
            if (status === "SUCCESS" && cmp.isValid() && cmp._partner === partner) {
                voice = toolkit;
                cmp.set("v.voice", [toolkit]);
                toolkit.addTelephonyEventListener("CALL_ENDED", ended);
            }
        });
        cmp._stopListening = function () {
            document.removeEventListener("visibilitychange", visible);
            document.removeEventListener("securitypolicyviolation", refused);
            window.removeEventListener("beforeunload", leaving);
            window.removeEventListener("pagehide", gone);
            window.removeEventListener("pageshow", back);
            if (voice) {
                voice.removeTelephonyEventListener("CALL_ENDED", ended);
            }
        };
    },

    /** The console toolkit for a caller outside of Aura's own cycle. */
    toolkit: function (api) {
        var toolkit = {};
        this.METHODS.forEach(function (name) {
            toolkit[name] = $A.getCallback(function (args) {
                return args === undefined ? api[name]() : api[name](args);
            });
        });
        return toolkit;
    },

    /** The browser's storage, asked for at each use, because a browser that refuses it throws. */
    storage: function () {
        return {
            getItem: function (name) {
                // eslint-disable-next-line @locker/locker/distorted-storage-constructor -- kept apart by namespace
                return window.localStorage.getItem(name);
            },
            setItem: function (name, value) {
                // eslint-disable-next-line @locker/locker/distorted-storage-constructor -- kept apart by namespace
                window.localStorage.setItem(name, value);
            }
        };
    },

    /** Asks the Apex controller, as a promise. */
    ask: function (cmp, name, params) {
        return new Promise(
            $A.getCallback(function (resolve, reject) {
                var action = cmp.get(name);
                action.setParams(params);
                action.setBackground();
                action.setCallback(cmp, function (response) {
                    if (response.getState() === "SUCCESS") {
                        resolve(response.getReturnValue());
                    } else {
                        reject(response.getError());
                    }
                });
                $A.enqueueAction(action);
            })
        );
    },

    /** Shows a state of the partner's, in the panel and on the utility bar. */
    show: function (cmp, given) {
        var texts = this.texts();
        var kind = this.BLOCKED.indexOf(given.code) >= 0 ? "blocked" : given.state;
        var icon = this.ICONS[kind];
        var digits = given.pairingCode;
        if (!cmp.isValid()) {
            return;
        }
        cmp.set("v.state", {
            state: given.state,
            icon: icon[0],
            variant: icon[1],
            title: texts["title_" + kind],
            text: given.text || texts[given.code],
            digits: digits ? digits.slice(0, 3) + " " + digits.slice(3) : "",
            armed: given.armed === true,
            canRetry: given.canRetry === true,
            retry: given.code === "pairing_refused" ? texts.pair_again : texts.try_again
        });
        this.showOnBar(cmp, kind, texts["bar_" + kind]);
    },

    /** A code that nobody sees is never confirmed: the item opens itself for it. */
    showOnBar: function (cmp, state, label) {
        var bar = cmp.find("utilityBar");
        var wasPairing = cmp._shown === "pairing";
        var outsideOfABar = function () {};
        cmp._shown = state;
        bar.setUtilityLabel({ label: label }).catch(outsideOfABar);
        bar.setUtilityHighlighted({ highlighted: state !== "connected" && state !== "looking" }).catch(outsideOfABar);
        if (state === "pairing" && !wasPairing) {
            bar.openUtility({}).catch(outsideOfABar);
        } else if (state === "connected" && wasPairing) {
            bar.minimizeUtility({}).catch(outsideOfABar);
        }
    },

    /** All words, translatable. Written out one by one, because only labels named in the source are sent. */
    texts: function () {
        return {
            armed: $A.get("$Label.c.Holdline_armed"),
            bar_blocked: $A.get("$Label.c.Holdline_bar_blocked"),
            bar_connected: $A.get("$Label.c.Holdline_bar_connected"),
            bar_looking: $A.get("$Label.c.Holdline_bar_looking"),
            bar_pairing: $A.get("$Label.c.Holdline_bar_pairing"),
            bar_refused: $A.get("$Label.c.Holdline_bar_refused"),
            blocked_by_csp: $A.get("$Label.c.Holdline_blocked_by_csp"),
            connected: $A.get("$Label.c.Holdline_connected"),
            impostor: $A.get("$Label.c.Holdline_impostor"),
            no_crypto: $A.get("$Label.c.Holdline_no_crypto"),
            no_setup: $A.get("$Label.c.Holdline_no_setup"),
            nobody: $A.get("$Label.c.Holdline_nobody"),
            not_signed_in: $A.get("$Label.c.Holdline_not_signed_in"),
            other_org: $A.get("$Label.c.Holdline_other_org"),
            other_user: $A.get("$Label.c.Holdline_other_user"),
            pair_again: $A.get("$Label.c.Holdline_pair_again"),
            pairing: $A.get("$Label.c.Holdline_pairing"),
            pairing_refused: $A.get("$Label.c.Holdline_pairing_refused"),
            permission_denied: $A.get("$Label.c.Holdline_permission_denied"),
            permission_prompt: $A.get("$Label.c.Holdline_permission_prompt"),
            protocol: $A.get("$Label.c.Holdline_protocol"),
            starting: $A.get("$Label.c.Holdline_starting"),
            superseded: $A.get("$Label.c.Holdline_superseded"),
            title_blocked: $A.get("$Label.c.Holdline_title_blocked"),
            title_connected: $A.get("$Label.c.Holdline_title_connected"),
            title_looking: $A.get("$Label.c.Holdline_title_looking"),
            title_pairing: $A.get("$Label.c.Holdline_title_pairing"),
            title_refused: $A.get("$Label.c.Holdline_title_refused"),
            try_again: $A.get("$Label.c.Holdline_try_again")
        };
    }
});
