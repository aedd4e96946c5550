#include "flamigo/http/detail/byte_range.hpp"

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::byte_range;
using flamigo::detail::parse_range;

TEST_CASE("a part of a file is what its first and its last byte say") {
  CHECK(parse_range("bytes=0-0", 10) == byte_range{0, 1});
  CHECK(parse_range("bytes=2-5", 10) == byte_range{2, 4});
  CHECK(parse_range("Bytes=2-", 10) == byte_range{2, 8});
  CHECK(parse_range("bytes=-3", 10) == byte_range{7, 3});
  CHECK(parse_range("bytes=5-99999999999999999999999", 10) == byte_range{5, 5});
  CHECK(parse_range("bytes=-99999999999999999999999", 10) == byte_range{0, 10});
}

TEST_CASE("a part that the file has not got has no bytes") {
  for (auto header : {"bytes=10-", "bytes=10-20", "bytes=-0",
                      "bytes=99999999999999999999999-"})
    CHECK(parse_range(header, 10).value().size == 0);
  CHECK(parse_range("bytes=0-", 0).value().size == 0);
  CHECK(parse_range("bytes=-1", 0).value().size == 0);
}

TEST_CASE("what asks for no part, or for several, is ignored") {
  for (auto header : {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=5-4",
                      "bytes=a-b", "bytes=1-2x", "bytes=+1-2", "bytes=0x1-2",
                      "bytes=0-1,3-4", "lines=0-1"})
    CHECK_FALSE(parse_range(header, 10));
}
