#include "flamigo/http/detail/file_directory.hpp"

#include <filesystem>
#include <stdexcept>

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/temporary_directory.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::contains;

namespace {

struct fixture : test::socket_fixture {
  fixture() {
    dir.write("public/index.html", "<p>home");
    dir.write("public/app.js", "let x = 1;");
    dir.write("public/docs/index.html", "<p>docs");
    dir.write("public/a b.txt", "blank");
    dir.write("public/.env", "secret");
    dir.write("public/.well-known/x", "known");
    dir.write("secret.txt", "secret");
    core.routes.files("/", dir.path() / "public", {.fallback = "index.html"});
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    requests.end();
    settle();
  }

  std::string ask(const std::string& line, const std::string& headers = {}) {
    peer.send_bytes(line + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
    settle();
    return peer.received();
  }

  /// All that comes while the peer reads on.
  std::string read_on() {
    std::string result;
    settle();
    for (std::string part; !(part = peer.received()).empty(); settle())
      result += part;
    return result;
  }

  test::temporary_directory dir;
  test::socket_pair peer;
};

std::string body_of(const std::string& answer) {
  auto at = answer.find("\r\n\r\n");
  return at == answer.npos ? answer : answer.substr(at + 4);
}

bool is(unsigned status, const std::string& answer) {
  return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

/// The value of a header; empty if there is none.
std::string header(const std::string& name, const std::string& answer) {
  auto at = answer.find("\r\n" + name + ": ");
  if (at == answer.npos)
    return {};
  at += name.size() + 4;
  return answer.substr(at, answer.find("\r\n", at) - at);
}

} // namespace

TEST_CASE("a file is served as what its name says") {
  fixture f;
  auto script = f.ask("GET /app.js");
  CHECK(is(200, script));
  CHECK(body_of(script) == "let x = 1;");
  CHECK(header("Content-Type", script) == "text/javascript; charset=utf-8");
  CHECK(header("Content-Length", script) == "10");
  CHECK(header("X-Content-Type-Options", script) == "nosniff");
  CHECK(header("Cache-Control", script) == "no-cache");
  CHECK(body_of(f.ask("GET /")) == "<p>home");
  CHECK(body_of(f.ask("GET /a%20b.txt?x=1")) == "blank");
  CHECK(body_of(f.ask("GET /docs/")) == "<p>docs");
  auto there = f.ask("GET /docs");
  CHECK(is(308, there));
  CHECK(header("Location", there) == "/docs/");
  CHECK(header("Location", f.ask("GET /docs?x=1&y")) == "/docs/?x=1&y");
  auto head = f.ask("HEAD /app.js");
  CHECK(is(200, head));
  CHECK(header("Content-Length", head) == "10");
  CHECK(body_of(head).empty());
  CHECK(body_of(f.ask("GET /.well-known/x")) == "known");
}

TEST_CASE("a file of any size is sent as its client takes it") {
  fixture f;
  std::string large;
  for (int i = 0; large.size() < 3'000'000; ++i)
    large += std::to_string(i) + " ";
  f.dir.write("public/large.bin", large);
  auto got = f.ask("GET /large.bin");
  // Most of it waits on the disk, not in memory.
  CHECK(got.size() < large.size());
  got += f.read_on();
  CHECK(header("Content-Length", got) == std::to_string(large.size()));
  CHECK((body_of(got) == large));
  CHECK(body_of(f.ask("GET /app.js")) == "let x = 1;");
}

TEST_CASE("a file that shrinks while it is sent ends the connection") {
  fixture f;
  f.dir.write("public/large.bin", std::string(3'000'000, 'x'));
  auto got = f.ask("GET /large.bin");
  std::filesystem::resize_file(f.dir.path() / "public/large.bin", 10);
  got += f.read_on();
  CHECK(body_of(got).size() < 3'000'000);
  CHECK(f.core.open == 0);
}

TEST_CASE("nothing outside of the directory is served") {
  fixture f;
  auto secret = f.dir.path() / "secret.txt";
  auto inside = f.dir.path() / "public";
  std::filesystem::create_symlink(secret, inside / "link.txt");
  std::filesystem::create_directory_symlink(f.dir.path(), inside / "up");
  std::filesystem::create_symlink(inside / "app.js", inside / "own.js");
  REQUIRE(::mkfifo((inside / "pipe.bin").c_str(), 0600) == 0);
  std::filesystem::create_directory(f.dir.path() / "public-other");
  f.dir.write("public-other/x.txt", "secret");
  for (std::string path : {"/../secret.txt",
                           "/docs/../../secret.txt",
                           "/%2e%2e/secret.txt",
                           "/..%2fsecret.txt",
                           "/%2e%2e%2fsecret.txt",
                           "/..%5csecret.txt",
                           "/.%2e/secret.txt",
                           "//secret.txt",
                           "//etc/passwd",
                           "/%2fetc/passwd",
                           "/app.js%00.html",
                           "/.env",
                           "/%2eenv",
                           "/docs//index.html",
                           "/./app.js",
                           "/link.txt",
                           "/up/secret.txt",
                           "/pipe.bin",
                           "/app.js/",
                           "/../public-other/x.txt",
                           "/%",
                           "/%ff",
                           "/app.js%2f",
                           "/docs%2findex.html"}) {
    INFO(path);
    auto answer = f.ask("GET " + path);
    CHECK(is(404, answer));
    CHECK_FALSE(contains(answer, "secret"));
    CHECK(contains(answer, R"("code":"not_found")"));
  }
  CHECK(body_of(f.ask("GET /own.js")) == "let x = 1;");
}

TEST_CASE("who has a file already is told so") {
  fixture f;
  auto first = f.ask("GET /app.js");
  auto tag = header("ETag", first);
  auto date = header("Last-Modified", first);
  REQUIRE(tag.size() > 4);
  REQUIRE(date.ends_with(" GMT"));
  for (auto condition :
       {"If-None-Match: " + tag, "If-None-Match: \"x\", W/" + tag,
        std::string{"If-None-Match: *"}, "If-Modified-Since: " + date}) {
    auto again = f.ask("GET /app.js", condition + "\r\n");
    CHECK(is(304, again));
    CHECK(header("ETag", again) == tag);
    CHECK(body_of(again).empty());
  }
  // The tag counts where both are there.
  CHECK(is(200, f.ask("GET /app.js", "If-None-Match: \"x\"\r\n"
                                     "If-Modified-Since: "
                                       + date + "\r\n")));
  // As an editor does it.
  f.dir.write("public/new.js", "let x = 2;");
  std::filesystem::rename(f.dir.path() / "public/new.js",
                          f.dir.path() / "public/app.js");
  auto changed = f.ask("GET /app.js", "If-None-Match: " + tag + "\r\n");
  CHECK(is(200, changed));
  CHECK(body_of(changed) == "let x = 2;");
}

TEST_CASE("a part of a file is served") {
  fixture f;
  auto part = f.ask("GET /app.js", "Range: bytes=4-6\r\n");
  CHECK(is(206, part));
  CHECK(header("Content-Range", part) == "bytes 4-6/10");
  CHECK(header("Content-Length", part) == "3");
  CHECK(body_of(part) == "x =");
  auto none = f.ask("GET /app.js", "Range: bytes=10-\r\n");
  CHECK(is(416, none));
  CHECK(header("Content-Range", none) == "bytes */10");
  CHECK(is(200, f.ask("GET /app.js", "Range: bytes=0-1,3-4\r\n")));
  CHECK(is(200, f.ask("HEAD /app.js", "Range: bytes=4-6\r\n")));
  auto tag = header("ETag", part);
  CHECK(is(206, f.ask("GET /app.js",
                      "Range: bytes=4-6\r\nIf-Range: " + tag + "\r\n")));
  CHECK(
    is(200, f.ask("GET /app.js", "Range: bytes=4-6\r\nIf-Range: \"x\"\r\n")));
}

TEST_CASE("a file that was compressed before is for those who take it") {
  fixture f;
  f.dir.write("public/app.js.gz", "packed");
  f.dir.write("public/app.js.br", "more packed");
  auto plain = f.ask("GET /app.js");
  CHECK(body_of(plain) == "let x = 1;");
  CHECK(header("Vary", plain) == "Accept-Encoding");
  auto packed = f.ask("GET /app.js", "Accept-Encoding: gzip, deflate\r\n");
  CHECK(body_of(packed) == "packed");
  CHECK(header("Content-Encoding", packed) == "gzip");
  CHECK(header("Content-Type", packed) == "text/javascript; charset=utf-8");
  CHECK(header("ETag", packed) != header("ETag", plain));
  CHECK(body_of(f.ask("GET /app.js", "Accept-Encoding: gzip, BR;q=0.5\r\n"))
        == "more packed");
  CHECK(body_of(f.ask("GET /app.js", "Accept-Encoding: gzip;q=0.0\r\n"))
        == "let x = 1;");
  // Who works on the file has not made these anew.
  auto file = f.dir.path() / "public/app.js";
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file)
                                           + std::chrono::hours{1});
  CHECK(body_of(f.ask("GET /app.js", "Accept-Encoding: gzip, br\r\n"))
        == "let x = 1;");
}

TEST_CASE("a page that the browser makes is the fallback") {
  fixture f;
  auto page = std::string{"Accept: text/html,*/*;q=0.8\r\n"};
  CHECK(body_of(f.ask("GET /orders/7", page)) == "<p>home");
  CHECK(is(404, f.ask("GET /orders/7", "Accept: */*\r\n")));
  CHECK(is(404, f.ask("GET /missing.js", page)));
  CHECK(is(404, f.ask("GET /../x", page)));
}

TEST_CASE("what is mounted on a path comes before files") {
  fixture f;
  f.core.routes.get("/app.js", {.body = "mounted"});
  f.core.routes.handle("POST", "/login",
                       [](const http_request&) { return http_response{}; });
  f.dir.write("public/login", "a file");
  f.dir.write("other/app.js", "other");
  f.core.routes.files("/other", f.dir.path() / "other");
  CHECK(body_of(f.ask("GET /app.js")) == "mounted");
  CHECK(body_of(f.ask("GET /login")) == "a file");
  CHECK(is(200, f.ask("POST /login")));
  CHECK(body_of(f.ask("GET /other/app.js")) == "other");
  // Not a file of the directory above.
  CHECK(is(404, f.ask("GET /other/index.html")));
  CHECK(is(308, f.ask("GET /other")));
  auto put = f.ask("PUT /docs/index.html");
  CHECK(is(405, put));
  CHECK(header("Allow", put) == "GET, HEAD");
  CHECK(is(404, f.ask("PUT /none")));
}

TEST_CASE("a directory that cannot be served is told of when it is mounted") {
  fixture f;
  auto& routes = f.core.routes;
  CHECK_THROWS_AS(routes.files("x", f.dir.path()), std::invalid_argument);
  CHECK_THROWS_AS(routes.files("/", f.dir.path()), std::invalid_argument);
  CHECK_THROWS_AS(routes.files("/x", f.dir.path() / "none"),
                  std::invalid_argument);
  CHECK_THROWS_AS(routes.files("/x", f.dir.path() / "secret.txt"),
                  std::invalid_argument);
  routes.files("/x/", f.dir.path());
  CHECK_THROWS_AS(routes.files("/x", f.dir.path()), std::invalid_argument);
  routes.seal();
  CHECK_THROWS_AS(routes.files("/y", f.dir.path()), std::logic_error);
}
