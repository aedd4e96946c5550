#include "flamigo/websocket/detail/memory_layer.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include <boost/asio/io_context.hpp>

using namespace flamigo::detail;

namespace {

struct fixture {
  void read(memory_layer& from, std::size_t capacity) {
    from.async_read_some(net::buffer(buffer, capacity),
                         [this](error_code, std::size_t size) {
                           taken.assign(buffer, size);
                         });
  }

  net::io_context context;
  std::string output;
  memory_layer layer{context.get_executor(), &output};
  char buffer[16];
  std::string taken;
};

} // namespace

TEST_CASE_METHOD(fixture, "a read takes what fits") {
  CHECK_FALSE(layer.is_read());
  read(layer, 4);
  CHECK(layer.is_read());
  CHECK(layer.give("012345") == 4);
  CHECK(taken == "0123");
  CHECK_FALSE(layer.is_read());
  read(layer, 4);
  CHECK(layer.give("45") == 2);
  CHECK(taken == "45");
  // It took no turn of the loop.
  CHECK(context.poll() == 0);
}

TEST_CASE_METHOD(fixture, "what is written is collected") {
  error_code ec = net::error::eof;
  CHECK(layer.write_some(net::buffer("one", 3), ec) == 3);
  CHECK_FALSE(ec);
  CHECK(layer.write_some(net::buffer("two", 3)) == 3);
  CHECK(output == "onetwo");
  auto done = false;
  layer.async_write_some(net::buffer("three", 5),
                         [&done](error_code err, std::size_t size) {
                           done = !err && size == 5;
                         });
  // Only a close frame can that be, and the owner writes those.
  CHECK(output == "onetwo");
  CHECK_FALSE(done);
  context.run();
  CHECK(done);
}

TEST_CASE_METHOD(fixture, "what is written to nowhere is dropped") {
  memory_layer silent{context.get_executor(), nullptr};
  CHECK(silent.write_some(net::buffer("one", 3)) == 3);
}
