#include "flamigo/http/detail/request_target.hpp"

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::parameter_of;
using flamigo::detail::parse_target;

TEST_CASE("the first parameter of a name counts") {
  auto in = [](std::string_view query) { return parameter_of(query, "sid"); };
  CHECK(in("sid=a") == "a");
  CHECK(in("x=1&sid=a&sid=b") == "a");
  CHECK(in("&&sid=a=b&") == "a=b");
  CHECK(in("xsid=1&sidx=2&sid=%41") == "%41");
  CHECK(in("sid") == "");
  CHECK(in("sid=&sid=b") == "");
  CHECK(in("") == "");
  CHECK(in("=") == "");
}

TEST_CASE("a target is taken apart in each of its forms") {
  struct parts {
    std::string_view text;
    std::string_view authority;
    std::string_view path;
    std::string_view query;
  };
  for (auto& [text, authority, path, query] :
       {parts{"/", "", "/", ""},
        {"/a/b?c=d?e", "", "/a/b", "c=d?e"},
        {"/a?", "", "/a", ""},
        {"http://x.org/a?b", "x.org", "/a", "b"},
        {"HTTPS://[::1]:80/a", "[::1]:80", "/a", ""},
        {"http://x", "x", "/", ""},
        {"http://x?a/b", "x", "/", "a/b"},
        {"http:///a?b", "", "http:///a", "b"},
        {"http://", "", "http://", ""},
        {"*", "", "*", ""},
        {"ftp://x/a", "", "ftp://x/a", ""},
        {"", "", "", ""}}) {
    INFO(text);
    auto got = parse_target(text);
    CHECK(got.authority == authority);
    CHECK(got.path == path);
    CHECK(got.query == query);
  }
}
