#include "flamigo/engineio/detail/engine_packet.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/engineio/detail/packet_queue.hpp"
#include "flamigo/json/detail/base64.hpp"

using namespace flamigo::detail;

namespace {

std::string base64(std::string_view bytes) {
  std::string result;
  append_base64(result, bytes);
  return result;
}

/// Each packet as it stands in a body, or nothing.
std::vector<std::string> packets(std::string_view body) {
  std::vector<std::string> result;
  auto found = read_payload(body);
  if (found)
    for (auto& x : *found)
      result.push_back(static_cast<char>(x.kind) + x.data);
  return result;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("base64 is as RFC 4648 has it") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
  for (std::string_view text : {"", "f", "fo", "foo", "foob", "\xff\0\x80"})
    CHECK(decode_base64(base64(text)) == std::string{text});
  for (std::string_view wrong : {"Z", "Zg", "Zg=", "Zg===", "=",
                                 "====", "Zm9v=", "Zm 9", "Zm9-", "Z=g="})
    CHECK_FALSE(decode_base64(wrong));
}

TEST_CASE("a body is cut into packets") {
  CHECK(packets("4hello") == strings{"4hello"});
  CHECK(packets("4a\x1e"
                "4\x1e"
                "2probe\x1e"
                "1")
        == strings{"4a", "4", "2probe", "1"});
  CHECK(packets("4hello\x1e"
                "bAQIDBA==")
        == strings{"4hello", "b\1\2\3\4"});
  CHECK(packets("b") == strings{"b"});
}

TEST_CASE("a body with something that is no packet has none") {
  for (std::string_view wrong : {"", "abc", "7", "4a\x1e",
                                 "\x1e"
                                 "4a",
                                 "4a\x1e\x1e"
                                 "4b",
                                 "bA", "b*AAA",
                                 "4a\x1e"
                                 "x"})
    CHECK_FALSE(read_payload(wrong));
}

TEST_CASE("packets that wait become a body") {
  packet_queue queue;
  CHECK(queue.empty());
  CHECK(queue.take_payload().empty());
  queue.add({engine_kind::message, "hello"});
  queue.add({engine_kind::binary, "\1\2\3\4"});
  queue.add({engine_kind::ping});
  CHECK(queue.bytes() == 12);
  CHECK(queue.take_payload()
        == "4hello\x1e"
           "bAQIDBA==\x1e"
           "2");
  CHECK(queue.empty());
  CHECK(queue.bytes() == 0);
}
