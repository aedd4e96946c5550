#include "flamigo/cluster/detail/nats_urls.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::detail;

namespace {

std::string refusal(const std::string& urls) {
  try {
    read_nats_urls(urls);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

} // namespace

TEST_CASE("servers of NATS stand between commas") {
  CHECK(read_nats_urls("nats://a:4222, b ,tls://[::1]:1")
        == std::vector<std::string>{"nats://a:4222", "b", "tls://[::1]:1"});
  for (auto* good :
       {"a", "a:1", "nats://a", "tls://a-b.example:65535", "nats://127.0.0.1",
        "nats://token@a:1", "nats://me:p@ss@a:1", "[::1]", "my_host:4222"})
    CHECK(refusal(good).empty());
}

TEST_CASE("servers of NATS that cannot be are refused by a sentence") {
  CHECK(refusal("nats://host:99999")
        == "--nats-url \"nats://host:99999\" has no port behind its host: it "
           "takes a number from 1 to 65535");
  CHECK(refusal("nats://a,http://x")
        == "--nats-url \"http://x\" begins with http://: it takes nats:// or "
           "tls://");
  CHECK(refusal("nats://a,,b")
        == "--nats-url \"\" has a server without a name: take out the comma");
  CHECK(refusal("nats://:4222")
        == "--nats-url \"nats://:4222\" has no host where one has to be: it "
           "takes nats://host:4222");
  CHECK(refusal("nats://@a")
        == "--nats-url \"nats://a\" has nobody in front of @: it takes a "
           "token, or user:password");
  for (auto* bad :
       {"",     " ",      "a,",      "nats://", "a:",         "a:0",  "a:-1",
        "a:+1", "a:1x",   "a:65536", "a b",     "nats://a/b", "[::1", "[]",
        "[a]",  "[::1]1", "[::1]:",  "::1",     "nats:/a",    "://a", "a:1:2"})
    CHECK_FALSE(refusal(bad).empty());
}

TEST_CASE("what is secret of a server of NATS is not shown") {
  CHECK(shown_nats_urls("nats://s3cr3t@a:1, me:p@ss@b,tls://c")
        == "nats://a:1,b,tls://c");
  CHECK(refusal("nats://s3cr3t@a:x").find("s3cr3t") == std::string::npos);
}
