#include "flamigo/error/error.hpp"

#include <tuple>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/exit_reason.hpp>
#include <caf/expected.hpp>
#include <caf/message.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

using namespace flamigo;

namespace {

constexpr auto foreign_category = caf::atom("billing");

caf::error foreign(std::string text) {
  return {7, foreign_category, caf::make_message(std::move(text))};
}

} // namespace

// -- codes --------------------------------------------------------------------

TEST_CASE("every code has its name and status on the wire") {
  using row = std::tuple<errc, const char*, int>;
  for (auto& [code, name, status] : {
         row{errc::malformed, "malformed", 400},
         row{errc::invalid_payload, "invalid_payload", 400},
         row{errc::unauthorized, "unauthorized", 401},
         row{errc::forbidden, "forbidden", 403},
         row{errc::unknown_strategy, "unknown_strategy", 404},
         row{errc::unknown_channel, "unknown_channel", 404},
         row{errc::conflict, "conflict", 409},
         row{errc::too_many_requests, "too_many_requests", 429},
         row{errc::internal, "internal", 500},
         row{errc::unavailable, "unavailable", 503},
         row{errc::timeout, "timeout", 504},
         row{errc::cancelled, "cancelled", 499},
       }) {
    auto err = make_error(code);
    CHECK(to_string(code) == name);
    CHECK(errc_of(name) == code);
    CHECK(status_of(code) == status);
    CHECK(code_of(err) == name);
    CHECK(status_of(err) == status);
    CHECK(public_message(err) == default_message(code));
    CHECK_FALSE(public_message(err).empty());
    CHECK(trace_of(err) == public_message(err));
    CHECK(err == code);
  }
  CHECK(errc_of("none") == errc::application);
  CHECK(errc_of("") == errc::application);
  CHECK(errc_of("billing") == errc::application);
}

TEST_CASE("a handler may return a code in place of a result") {
  auto value = []() -> caf::result<int> { return errc::conflict; };
  auto nothing = []() -> caf::result<void> { return errc::conflict; };
  auto expected = []() -> caf::expected<int> { return errc::conflict; };
  CHECK(value().err == errc::conflict);
  CHECK(nothing().err == errc::conflict);
  CHECK(expected().error() == errc::conflict);
  caf::error assigned;
  assigned = errc::timeout;
  CHECK(assigned == errc::timeout);
  CHECK(assigned != errc::conflict);
}

TEST_CASE("no error stays no error") {
  caf::error none;
  CHECK_FALSE(make_error(errc::none));
  CHECK_FALSE(make_error(errc::none, "text", "cause"));
  CHECK_FALSE(wrap(none, "saving"));
  CHECK_FALSE(wrap(none, "saving", "not saved", 500, "internal"));
  CHECK_FALSE(cause_of(none));
  CHECK(public_message(none).empty());
  CHECK(trace_of(none).empty());
  CHECK(code_of(none) == "none");
  CHECK(status_of(none) == 200);
  CHECK(field_errors_of(none).empty());
}

TEST_CASE("a code that is none of ours is an internal error") {
  caf::error err{200, error_category};
  CHECK(public_message(err) == "internal error");
  CHECK(status_of(err) == 500);
  CHECK(code_of(err) == "internal");
}

// -- making errors ------------------------------------------------------------

TEST_CASE("the client reads the message, the developer the cause") {
  auto err = make_error(errc::forbidden, "you may not post", "42 is muted");
  CHECK(public_message(err) == "you may not post");
  CHECK(status_of(err) == 403);
  CHECK(code_of(err) == "forbidden");
  CHECK(trace_of(err) == "42 is muted");
  CHECK(trace_of(make_error(errc::forbidden, "you may not")) == "you may not");
  CHECK(public_message(make_error(errc::forbidden, "", "42 is muted"))
        == default_message(errc::forbidden));
}

TEST_CASE("an internal error tells the client nothing") {
  auto err = internal_error("db: deadline exceeded");
  CHECK(public_message(err) == "internal error");
  CHECK(status_of(err) == 500);
  CHECK(code_of(err) == "internal");
  CHECK(trace_of(err) == "db: deadline exceeded");
}

TEST_CASE("an application's error has its own status and code") {
  auto err = public_error("no coffee", 418, "teapot");
  CHECK(public_message(err) == "no coffee");
  CHECK(status_of(err) == 418);
  CHECK(code_of(err) == "teapot");
  CHECK(trace_of(err) == "no coffee");
  CHECK(err == errc::application);
  CHECK(public_error("later", 503, "unavailable") == errc::unavailable);
  CHECK(status_of(public_error("what", 0, "")) == 500);
  CHECK(code_of(public_error("what", 0, "")) == "internal");
}

TEST_CASE("an invalid payload says all that is wrong") {
  auto err = invalid_payload({{"text", "is required"},
                              {"items[2].price", "must be a number"},
                              {"", "must be an object"}});
  CHECK(err == errc::invalid_payload);
  CHECK(status_of(err) == 400);
  auto fields = field_errors_of(err);
  REQUIRE(fields.size() == 3);
  CHECK(fields[1].field == "items[2].price");
  CHECK(fields[1].error == "must be a number");
  CHECK(trace_of(err)
        == "text is required, items[2].price must be a number, "
           "must be an object");
}

// -- layers -------------------------------------------------------------------

TEST_CASE("the trace goes from the outermost call to the cause") {
  auto err = internal_error("deadline exceeded");
  err = wrap(std::move(err), "db");
  err = wrap(std::move(err), "saving");
  err = wrap(std::move(err), "call strategy(app::chat:post)");
  CHECK(trace_of(err)
        == "call strategy(app::chat:post): saving: db: deadline exceeded");
  CHECK(public_message(err) == "internal error");
}

TEST_CASE("a segment leaves the public side alone") {
  auto err = wrap(public_error("no coffee", 418, "teapot"), "brewing");
  CHECK(public_message(err) == "no coffee");
  CHECK(status_of(err) == 418);
  CHECK(code_of(err) == "teapot");
  CHECK(trace_of(err) == "brewing: no coffee");
  CHECK(err == errc::application);
  CHECK(wrap(errc::conflict, "joining") == errc::conflict);
  CHECK(trace_of(wrap(errc::conflict, "joining"))
        == "joining: " + default_message(errc::conflict));
}

TEST_CASE("the outermost public side is what the client sees") {
  auto err = make_error(errc::forbidden, "you are muted", "42 is muted");
  err = wrap(std::move(err), "posting", "the room is closed", 423, "locked");
  CHECK(public_message(err) == "the room is closed");
  CHECK(status_of(err) == 423);
  CHECK(code_of(err) == "locked");
  CHECK(trace_of(err) == "posting: 42 is muted");
  err = wrap(std::move(err), "http", "not now", 503, "unavailable");
  CHECK(public_message(err) == "not now");
  CHECK(err == errc::unavailable);
  CHECK(trace_of(err) == "http: posting: 42 is muted");
}

TEST_CASE("a message that is hidden from the client stays in the trace") {
  auto err = wrap(make_error(errc::forbidden, "you are muted"), "posting",
                  "the room is closed", 0, "");
  CHECK(public_message(err) == "the room is closed");
  CHECK(trace_of(err) == "posting: you are muted");
  CHECK(trace_of(wrap(errc::conflict, "x", "no", 0, ""))
        == "x: " + default_message(errc::conflict));
}

TEST_CASE("what a new public side leaves out is inherited") {
  auto inner = public_error("no coffee", 418, "teapot");
  auto err = wrap(inner, "", "no tea either", 0, "");
  CHECK(public_message(err) == "no tea either");
  CHECK(status_of(err) == 418);
  CHECK(code_of(err) == "teapot");
  CHECK(trace_of(err) == "no coffee");
  err = wrap(inner, "x", "", 0, "empty");
  CHECK(public_message(err) == "no coffee");
  CHECK(status_of(err) == 418);
  CHECK(code_of(err) == "empty");
  // The status comes from the code inside, not from the new one.
  CHECK(status_of(wrap(errc::forbidden, "x", "", 0, "empty")) == 403);
}

TEST_CASE("field errors are shown for as long as the code says so") {
  auto inner = invalid_payload({{"text", "is required"}});
  CHECK(field_errors_of(wrap(inner, "calling")).size() == 1);
  CHECK(
    field_errors_of(wrap(inner, "calling", "that did not fit", 0, "")).size()
    == 1);
  auto err = wrap(inner, "calling", "cannot post", 500, "internal");
  CHECK(field_errors_of(err).empty());
  CHECK(trace_of(err) == "calling: text is required");
}

// -- errors that are not ours -------------------------------------------------

TEST_CASE("an error of others is internal, wrapped or not") {
  for (auto& err : {foreign("no funds"), wrap(foreign("no funds"), "paying")}) {
    CHECK(public_message(err) == "internal error");
    CHECK(status_of(err) == 500);
    CHECK(code_of(err) == "internal");
    CHECK(cause_of(err).category() == foreign_category);
    CHECK(cause_of(err).code() == 7);
  }
  CHECK(trace_of(foreign("no funds")) == "billing error 7: no funds");
  CHECK(trace_of(wrap(foreign("no funds"), "paying"))
        == "paying: billing error 7: no funds");
  CHECK(trace_of(caf::make_error(caf::sec::runtime_error, "boom"))
        == "runtime_error: boom");
  auto shown = wrap(foreign("no funds"), "paying", "not paid", 402, "unpaid");
  CHECK(public_message(shown) == "not paid");
  CHECK(trace_of(shown) == "paying: billing error 7: no funds");
  CHECK(cause_of(shown).code() == 7);
}

TEST_CASE("a request of an actor that got no answer has a status") {
  for (auto wrapped : {false, true}) {
    auto make = [wrapped](caf::error err) {
      return wrapped ? wrap(std::move(err), "asking") : err;
    };
    auto late = make(caf::sec::request_timeout);
    CHECK(code_of(late) == "timeout");
    CHECK(status_of(late) == 504);
    for (auto& gone :
         {make(caf::sec::request_receiver_down), make(caf::exit_reason::kill),
          make(caf::exit_reason::unreachable),
          make(caf::exit_reason::unhandled_exception)}) {
      CHECK(code_of(gone) == "unavailable");
      CHECK(status_of(gone) == 503);
    }
    CHECK(status_of(make(caf::sec::unexpected_message)) == 500);
  }
  CHECK(wrap(caf::sec::request_timeout, "asking") == errc::timeout);
  CHECK(trace_of(wrap(caf::exit_reason::kill, "asking"))
        == "asking: exit reason kill");
}
