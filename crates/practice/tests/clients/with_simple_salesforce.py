"""simple-salesforce against the practice org: query, limits, describe, records, errors.

Arguments: the org's address, an access token. Any failed assertion ends it with an error."""

import sys
from urllib.parse import urlparse

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceMalformedRequest

org, token = sys.argv[1:]
url = urlparse(org)


class PlainHttp(requests.Session):
    """simple-salesforce always writes https; the practice org is on loopback without it."""

    def request(self, method, address, *args, **kwargs):
        return super().request(method, address.replace("https://", "http://", 1), *args, **kwargs)


def connected(session_id):
    session = PlainHttp()
    session.trust_env = False
    return Salesforce(instance=url.netloc, session_id=session_id, version="60.0", session=session)


sf = connected(token)
users = sf.query("SELECT Id, Username FROM User WHERE Alias = 'pat'")
assert users["totalSize"] == 1, users
assert users["records"][0]["Username"] == "pat@practice.example"
everyone = list(sf.query_all_iter("SELECT Id FROM User ORDER BY Id"))
assert len(everyone) == 4, everyone

limits = sf.limits()
assert limits["DailyApiRequests"]["Remaining"] > 0, limits
assert sf.api_usage["api-usage"].used > 0, "it reads Sforce-Limit-Info"

assert any(o["name"] == "AgentWork" for o in sf.describe()["sobjects"])
assert sf.UserServicePresence.describe()["keyPrefix"] == "0NX"
assert sf.User.metadata()["objectDescribe"]["name"] == "User"
assert sf.User.get(users["records"][0]["Id"])["Alias"] == "pat"

topic = {
    "Name": "Usp",
    "Query": "SELECT Id FROM UserServicePresence",
    "ApiVersion": 60.0,
}
made = sf.PushTopic.create(topic)
assert made["success"] is True, made
assert sf.PushTopic.update(made["id"], {"Description": "presence"}) == 204
assert sf.PushTopic.get(made["id"])["Description"] == "presence"
try:
    sf.PushTopic.create(topic)
    raise AssertionError("the second topic of this name was taken")
except SalesforceMalformedRequest as refused:
    assert refused.content[0]["errorCode"] == "DUPLICATE_VALUE", refused.content
assert sf.PushTopic.delete(made["id"]) == 204

try:
    connected("00D!nobody").query("SELECT Id FROM User")
    raise AssertionError("a bad token was taken")
except SalesforceExpiredSession as refused:
    assert refused.content[0]["errorCode"] == "INVALID_SESSION_ID", refused.content
print("simple-salesforce: all well")
