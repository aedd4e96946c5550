#include <filesystem>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_target.hpp"
#include "support/log_capture.hpp"

using namespace flamigo::test;

namespace fs = std::filesystem;
namespace lg = flamigo::log;

TEST_CASE("lines stay where they belong when the log goes elsewhere") {
  temporary_directory dir;
  auto first = dir.path() / "a/b/first.log", second = dir.path() / "second.log";
  REQUIRE_FALSE(lg::open_file(first.string()));
  CHECK(lg::file() == first.string());
  for (int i = 0; i < 1'000; ++i)
    lg::info("one");
  REQUIRE_FALSE(lg::open_file(second.string()));
  lg::info("two");
  lg::close_file();
  CHECK(lg::file().empty());
  CHECK(lines_of(first).size() == 1'000);
  CHECK(lines_of(second).size() == 1);
}

TEST_CASE("a file that was moved away is left alone, once it is opened again") {
  log_capture out;
  auto old = out.path().string() + ".1";
  lg::info("one");
  CHECK(lg::flush());
  fs::rename(out.path(), old);
  lg::info("two");
  CHECK(lg::flush());
  REQUIRE_FALSE(lg::reopen_file());
  CHECK(lg::file() == out.path().string());
  lg::info("three");
  auto lines = out.lines();
  CHECK(lines_of(old).size() == 2);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with(" info three"));
}

TEST_CASE("a file that cannot be opened again is written on") {
  log_capture out;
  auto old = out.path().string() + ".1";
  fs::rename(out.path(), old);
  fs::create_directory(out.path());
  auto err = lg::reopen_file();
  REQUIRE(err);
  CHECK(flamigo::trace_of(err).find(out.path().string()) != std::string::npos);
  lg::info("still here");
  CHECK(lg::flush());
  CHECK(lines_of(old).size() == 1);
}

TEST_CASE("without a file there is nothing to open again") {
  CHECK_FALSE(lg::reopen_file());
  CHECK(lg::file().empty());
}

TEST_CASE("no line is lost while the file is exchanged") {
  log_capture out;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([] {
      for (int j = 0; j < 1'000; ++j)
        lg::info("the quick brown fox");
    });
  std::vector<fs::path> files{out.path()};
  for (int i = 0; i < 20; ++i) {
    files.push_back(out.path().string() + "." + std::to_string(i));
    fs::rename(out.path(), files.back());
    REQUIRE_FALSE(lg::reopen_file());
  }
  for (auto& x : threads)
    x.join();
  CHECK(lg::flush(std::chrono::seconds{10}));
  std::size_t count = 0;
  for (auto& path : files)
    for (auto& line : lines_of(path)) {
      REQUIRE(line.ends_with(" info the quick brown fox"));
      ++count;
    }
  CHECK(count == 2'000);
}

TEST_CASE("a named pipe that nobody reads is refused at once") {
  temporary_directory dir;
  auto path = (dir.path() / "pipe").string();
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(lg::open_file(path));
  CHECK(lg::file().empty());
}

TEST_CASE("programs that are started do not inherit the file") {
  log_capture out;
  lg::info("it is open");
  CHECK(lg::flush());
  std::size_t found = 0;
  for (auto& entry : fs::directory_iterator{"/proc/self/fd"}) {
    std::error_code ec;
    if (fs::read_symlink(entry, ec) != out.path())
      continue;
    ++found;
    CHECK((::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC)
          != 0);
  }
  CHECK(found == 1);
}

TEST_CASE("what comes after half a line begins a new one") {
  temporary_directory dir;
  flamigo::detail::log_target out{(dir.path() / "log").string()};
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto small = before;
  small.rlim_cur = 8;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK(out.write("one\ntwo and more\n") == 8);
  CHECK(out.write("three\n") == 0);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  CHECK(out.write("four\n") == 5);
  CHECK(dir.read("log") == "one\ntwo \nfour\n");
}
