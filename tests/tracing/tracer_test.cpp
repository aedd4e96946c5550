#include "flamigo/tracing/tracer.hpp"

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/tracing/detail/trace_random.hpp"
#include "support/log_capture.hpp"
#include "support/span_capture.hpp"

using namespace flamigo;
using namespace std::string_literals;

using detail::begin_request;
using detail::begin_strategy;
using detail::begin_within;
using detail::span;
using test::span_capture;

namespace {

constexpr auto sampled
  = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr auto unsampled
  = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

} // namespace

TEST_CASE("a step is a line of OTLP") {
  span_capture out;
  {
    auto step = begin_request(&out.by, sampled, "app::chat:post");
    REQUIRE(step);
    step->strategy("app::chat:post");
    step->connection("c1");
    step->link({{1, 2}, {3}, false});
    step->end({});
    // It has ended.
    step->end(make_error(errc::forbidden));
    step->end_http(500);
  }
  auto all = out.spans();
  REQUIRE(all.size() == 1);
  auto& x = all.front();
  CHECK(x.service == "test");
  CHECK(x.trace == "0af7651916cd43dd8448eb211c80319c");
  CHECK(x.parent == "b7ad6b7169203331");
  CHECK(x.id != x.parent);
  CHECK(x.name == "app::chat:post");
  CHECK(x.kind == 2);
  CHECK(x.begin > 1'600'000'000'000'000'000u);
  CHECK(x.attributes
        == std::map<std::string, std::string>{{"rpc.system", "flamigo"},
                                              {"rpc.method", "app::chat:post"},
                                              {"flamigo.connection", "c1"},
                                              {"flamigo.status", "200"}});
  CHECK(x.linked_trace == "00000000000000010000000000000002");
  CHECK(x.linked_span == "0000000000000003");
  CHECK(x.code == 0);
}

TEST_CASE("a failure is told as clients are told it") {
  span_capture out;
  auto step = begin_request(&out.by, {}, "app::chat:post");
  step->end(
    wrap(make_error(errc::forbidden, "you may not", "secret"), "where"));
  auto all = out.spans();
  REQUIRE(all.size() == 1);
  CHECK(all[0].code == 2);
  CHECK(all[0].message == "you may not");
  CHECK(all[0].attributes["flamigo.status"] == "403");
  CHECK(out.lines()[0].find("secret") == std::string::npos);
}

TEST_CASE("over HTTP a failure is the program's") {
  span_capture out;
  for (unsigned status : {200u, 404u, 500u})
    begin_request(&out.by, {}, "GET /")->end_http(status);
  auto all = out.spans();
  REQUIRE(all.size() == 3);
  CHECK(all[1].attributes["http.response.status_code"] == "404");
  CHECK(all[1].code == 0);
  CHECK(all[2].code == 2);
}

TEST_CASE("a step that nobody ends, ends when it goes") {
  span_capture out;
  begin_request(&out.by, {}, "app::chat:post").reset();
  auto all = out.spans();
  REQUIRE(all.size() == 1);
  CHECK(all[0].code == 0);
  CHECK(all[0].attributes.empty());
}

TEST_CASE("a line stays short and harmless, whatever it is about") {
  span_capture out;
  std::string long_text(100'000, '\\');
  auto step = begin_request(&out.by, {}, "\x1b[31m\n\"" + long_text);
  for (auto i = 0; i < 100; ++i)
    step->note("some.key", "\"\xff" + long_text);
  step->end(make_error(errc::internal, long_text));
  auto line = out.lines().at(0);
  CHECK(line.size() <= log::max_line_bytes);
  CHECK(line.find('\x1b') == line.npos);
  test::read_span(line);
}

// -- whose trace it is --------------------------------------------------------

TEST_CASE("what comes below a step knows it") {
  span_capture out;
  auto root = begin_request(&out.by, {}, "root");
  auto child = begin_strategy(&out.by, root, "child");
  auto leaf = begin_within(&out.by, child, span::kind::consumer, "leaf");
  CHECK(child->context().trace == root->context().trace);
  CHECK(child->context().sampled);
  leaf->end({});
  child->end({});
  root->end({});
  auto all = out.spans();
  REQUIRE(all.size() == 3);
  CHECK(all[0].parent == all[1].id);
  CHECK(all[1].parent == all[2].id);
  CHECK(all[2].parent.empty());
  CHECK(all[0].trace == all[2].trace);
  CHECK(all[0].kind == 5);
  CHECK(all[1].kind == 1);
}

TEST_CASE("without a tracer a trace is passed on as it came") {
  CHECK_FALSE(begin_request(nullptr, {}, "x"));
  CHECK_FALSE(begin_request(nullptr, "bad", "x"));
  CHECK_FALSE(begin_within(nullptr, nullptr, span::kind::internal, "x"));
  auto what = begin_request(nullptr, sampled, "x");
  REQUIRE(what);
  CHECK(to_string(what->context()) == sampled);
  CHECK_FALSE(what->is_recorded());
  CHECK(begin_strategy(nullptr, what, "y") == what);
}

TEST_CASE("who has begun a trace says whether it is recorded") {
  span_capture out{0.000001};
  auto yes = begin_request(&out.by, sampled, "x");
  CHECK(yes->is_recorded());
  auto no = begin_request(&out.by, unsampled, "x");
  CHECK_FALSE(no->is_recorded());
  CHECK(to_string(no->context()) == unsampled);
  CHECK(begin_strategy(&out.by, no, "y") == no);
}

TEST_CASE("a hostile traceparent begins a trace") {
  span_capture out;
  for (auto text : {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"s,
                    std::string(1 << 20, '-'), "\0\xff\n"s}) {
    auto step = begin_request(&out.by, text, "x");
    REQUIRE(step);
    CHECK(step->is_recorded());
    CHECK(step->context());
  }
}

TEST_CASE("the share of traces is decided by their ids") {
  CHECK(tracer{{.sample = 1}}.samples({~0ull, ~0ull}));
  CHECK(tracer{{.sample = 1}}.samples({1, 0}));
  tracer half{{.sample = 0.5}};
  CHECK(half.samples({0, 0x007fffffffffffff}));
  CHECK_FALSE(half.samples({0, 0x0080000000000000}));
  // The uppermost bits of the lower half need not be random.
  CHECK(half.samples({0, 0xff7fffffffffffff}));
  tracer none{{.sample = 0}};
  CHECK_FALSE(none.samples({1, 0}));
}

TEST_CASE("a trace that is not recorded is passed on all the same") {
  span_capture out{1e-17};
  auto step = begin_request(&out.by, {}, "x");
  REQUIRE(step);
  CHECK_FALSE(step->is_recorded());
  auto text = to_string(step->context());
  CHECK(text.ends_with("-00"));
  CHECK(trace_context::parse(text));
  step->end({});
  CHECK(out.lines().empty());
}

TEST_CASE("each thread has ids of its own") {
  std::set<std::uint64_t> seen;
  auto take = [&] {
    for (auto i = 0; i < 1000; ++i)
      seen.insert(detail::trace_bits());
  };
  take();
  std::thread{take}.join();
  CHECK(seen.size() == 2000);
}

// -- where it goes ------------------------------------------------------------

TEST_CASE("without a file of its own it goes where the log goes") {
  test::log_capture out;
  tracer by{{.sample = 1, .service = "chat"}};
  log::info("before");
  begin_request(&by, {}, "app::chat:post")->end({});
  log::info("after");
  auto lines = out.lines();
  REQUIRE(lines.size() == 3);
  auto step = test::read_span(lines[1]);
  CHECK(step.name == "app::chat:post");
  CHECK(step.service == "chat");
}

TEST_CASE("a program that is not named is called as its executable") {
  test::log_capture out;
  tracer by{{.sample = 1}};
  begin_request(&by, {}, "x")->end({});
  CHECK(test::read_span(out.lines().at(0)).service == "tracing_test");
}

TEST_CASE("a file of its own has nothing but steps") {
  test::temporary_directory home;
  auto path = (home.path() / "deep/spans.jsonl").string();
  test::log_capture out;
  REQUIRE_FALSE(log::open_trace_file(path));
  CHECK(log::trace_file() == path);
  tracer by{{.sample = 1}};
  log::info("a line");
  begin_request(&by, {}, "one")->end({});
  begin_request(&by, {}, "two")->end({});
  log::close_trace_file();
  CHECK(log::trace_file().empty());
  auto lines = test::lines_of(path);
  REQUIRE(lines.size() == 2);
  CHECK(test::read_span(lines[0]).name == "one");
  CHECK(test::read_span(lines[1]).name == "two");
  CHECK(out.lines().size() == 1);
}

TEST_CASE("a file of its own is opened again by its name") {
  test::temporary_directory home;
  auto path = home.path() / "spans.jsonl";
  REQUIRE_FALSE(log::open_trace_file(path.string()));
  tracer by{{.sample = 1}};
  begin_request(&by, {}, "one")->end({});
  REQUIRE(log::flush());
  std::filesystem::rename(path, home.path() / "old.jsonl");
  REQUIRE_FALSE(log::reopen_file());
  begin_request(&by, {}, "two")->end({});
  log::close_trace_file();
  CHECK(test::lines_of(home.path() / "old.jsonl").size() == 1);
  auto lines = test::lines_of(path);
  REQUIRE(lines.size() == 1);
  CHECK(test::read_span(lines[0]).name == "two");
}

TEST_CASE("steps that are lost are counted in the log") {
  test::log_capture out;
  REQUIRE_FALSE(log::open_trace_file("/dev/full"));
  tracer by{{.sample = 1}};
  begin_request(&by, {}, "one")->end({});
  REQUIRE(log::flush());
  begin_request(&by, {}, "two")->end({});
  log::close_trace_file();
  auto lines = out.lines();
  REQUIRE_FALSE(lines.empty());
  CHECK(lines[0].find("the trace's file: 1 line was dropped: No space left")
        != std::string::npos);
}

TEST_CASE("a file that cannot be opened changes nothing") {
  CHECK(log::open_trace_file("/dev/null/spans"));
  CHECK(log::trace_file().empty());
}
