// A record of an outside source becomes one context.
//
// @returns none
CREATE CONSTRAINT context_origin IF NOT EXISTS FOR (n:Context) REQUIRE n.origin IS UNIQUE
