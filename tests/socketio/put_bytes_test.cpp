#include "flamigo/socketio/detail/put_bytes.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/socketio/detail/socket_io_format.hpp"
#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/envelope.hpp"

using namespace flamigo;

namespace {

const auto& theirs = detail::socket_io_format();

/// `#0` stands for a placeholder with this number.
std::string spelt(std::string text) {
  for (auto at = text.find('#'); at != std::string::npos; at = text.find('#'))
    text.replace(at, 2,
                 R"({"_placeholder":true,"num":)" + std::string(1, text[at + 1])
                   + "}");
  return text;
}

struct put {
  explicit put(const std::string& packet,
               const std::vector<std::string>& attachments = {"abc", "", "z"}) {
    auto text = spelt(packet);
    detail::socket_io_packet what;
    REQUIRE_FALSE(detail::parse_packet(text, what));
    failure = detail::put_bytes(what, attachments, frame);
  }

  std::string frame;
  caf::error failure;
};

} // namespace

TEST_CASE("attachments stand where the placeholders were") {
  CHECK(put{R"(51-["a",#0])"}.frame == R"(b6-2["a","YWJj"])");
  CHECK(put{R"(53-/x,7["a",{"x":#1,"y":[#0]},#2])"}.frame
        == R"(b12,20,29-27["a",{"x":"","y":["YWJj"]},"eg=="])");
  CHECK(put{R"(51-7["a", #2 ,#0,#2])"}.frame
        == R"(b8,16,23-27["a", "eg==" ,"YWJj","eg=="])");
  CHECK(put{R"(61-7[{"payload":#0}])"}.frame
        == R"(b14-37[{"payload":"YWJj"}])");
  CHECK(put{R"(51-["a",1])"}.frame == R"(2["a",1])");
  CHECK(put{R"(51-["a",{"x":1,"num":2,"_placeholder":true}])"}.frame
        == R"(b6-2["a","eg=="])");
  CHECK(put{R"(51-["a",{"\u005fplaceholder":true,"num":2}])"}.frame
        == R"(b6-2["a","eg=="])");
  for (auto text : {R"(["a",{"_placeholder":1,"num":0}])",
                    R"(["a",{"_placeholder":false,"num":9}])",
                    R"(["a","_placeholder",true])"})
    CHECK(put{std::string{"51-"} + text}.frame == std::string{"2"} + text);
}

TEST_CASE("placeholders that stand for nothing are malformed") {
  for (auto text :
       {R"(51-["a",#3])", R"(51-["a",{"_placeholder":true}])",
        R"(51-["a",{"_placeholder":true,"num":-1}])",
        R"(51-["a",{"_placeholder":true,"num":"0"}])",
        R"(51-["a",{"_placeholder":true,"num":0.5}])",
        R"(51-["a",{"_placeholder":true,"num":99999999999999999999}])",
        R"(51-["a",#0)", "51-[",
        R"(51-["a",#0] )"
        "x"}) {
    CAPTURE(text);
    put what{text};
    CHECK(what.failure == errc::malformed);
    CHECK(what.frame.empty());
  }
}

TEST_CASE("one attachment does not fill the memory") {
  std::string packet = "51-[\"a\"";
  for (int i = 0; i < 33; ++i)
    packet += ",#0";
  CHECK_FALSE(put(packet + "]", {"x"}).failure);
  CHECK(put(packet + ",#0]", {"x"}).failure == errc::malformed);
}

TEST_CASE("a request says where in its payload bytes have come") {
  struct row {
    const char* packet;
    std::string_view payload;
    std::string_view ack_id;
    std::string_view places;
  };
  for (auto& [packet, payload, ack_id, places] : {
         row{R"(51-["a",#0])", R"("YWJj")", "", "0"},
         row{R"(51-7["a", {"x":#0} ])", R"({"x":"YWJj"})", "7", "5"},
         row{R"(52-7["a", #0 ,1,#2])", R"(["YWJj" ,1,"eg=="])", "7", "1,11"},
         row{R"(51-7["a",#0,{"stream":"s"}])", R"("YWJj")", R"("s"7)", "0"},
         row{R"(51-7["\u0061",#0,1])", R"(["YWJj",1])", "7", "1"},
         row{R"(51-7["a",1])", "1", "7", ""},
       }) {
    CAPTURE(packet);
    put what{packet};
    decoding_space space;
    client_request req;
    REQUIRE_FALSE(theirs.decode(what.frame, space, req));
    CHECK(req.topic == "a");
    CHECK(req.payload == payload);
    CHECK(req.ack_id == ack_id);
    CHECK(req.bytes_at == places);
  }
}

TEST_CASE("bytes are no name of an event") {
  for (auto packet : {"51-7[#0]", "51-7[#0,1]"}) {
    put what{packet};
    decoding_space space;
    client_request req;
    CHECK(theirs.decode(what.frame, space, req) == errc::malformed);
    CHECK(req.ack_id == "7");
  }
}

TEST_CASE("an answer says where in its payload bytes have come") {
  put what{R"(61-7[ {"payload": [1,#0]}])"};
  client_answer answer;
  REQUIRE_FALSE(theirs.read_answer(what.frame, answer));
  CHECK(answer.request_id == "7");
  CHECK(answer.payload == R"([1,"YWJj"])");
  CHECK(answer.bytes_at == "3");
  put other{R"(61-7[{"payload":1,"x":#0}])"};
  CHECK(theirs.read_answer(other.frame, answer) == errc::malformed);
}
