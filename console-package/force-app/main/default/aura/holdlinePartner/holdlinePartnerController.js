({
    onScriptLoaded: function (cmp, event, helper) {
        helper.begin(cmp);
    },
    onDestroy: function (cmp, event, helper) {
        helper.end(cmp);
    },
    onRetry: function (cmp, event, helper) {
        helper.retry(cmp);
    },

    onConnectionError: function (cmp, event, helper) {
        helper.happened(cmp, "connectionError", event, ["error"]);
    },
    onLoginSuccess: function (cmp, event, helper) {
        helper.happened(cmp, "loginSuccess", event, ["statusId"]);
    },
    onLogout: function (cmp, event, helper) {
        helper.happened(cmp, "logout", event, ["reason"]);
    },
    onStatusChanged: function (cmp, event, helper) {
        helper.happened(cmp, "statusChanged", event, ["statusId", "statusName", "statusApiName"]);
    },
    onWorkAccepted: function (cmp, event, helper) {
        helper.happened(cmp, "workAccepted", event, ["workId", "workItemId"]);
    },
    onWorkAssigned: function (cmp, event, helper) {
        helper.happened(cmp, "workAssigned", event, ["workId", "workItemId"]);
    },
    onWorkClosed: function (cmp, event, helper) {
        helper.happened(cmp, "workClosed", event, ["workId", "workItemId"]);
    },
    onWorkDeclined: function (cmp, event, helper) {
        helper.happened(cmp, "workDeclined", event, ["workId", "workItemId"]);
    },
    onWorkFlagUpdated: function (cmp, event, helper) {
        helper.happened(cmp, "workFlagUpdated", event, ["workId", "isFlagged"]);
    },
    onWorkloadChanged: function (cmp, event, helper) {
        helper.happened(cmp, "workloadChanged", event, ["configuredCapacity", "previousWorkload", "newWorkload"]);
    }
});
