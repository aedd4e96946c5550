// What is read without a lock, and when it may be freed.

#include "flamigo/bus/detail/read_section.hpp"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::read_section;

namespace {

/// Reads once more when it is destroyed, which may be when its thread ends.
struct reads_at_end {
  ~reads_at_end() {
    read_section here;
  }
};

} // namespace

TEST_CASE("who frees waits for the sections that began before") {
  std::latch reading{1};
  std::atomic<bool> left = false;
  std::thread reader{[&] {
    read_section here;
    reading.count_down();
    for (int i = 0; i < 1'000; ++i)
      std::this_thread::yield();
    left = true;
  }};
  reading.wait();
  read_section::synchronize();
  CHECK(left);
  // And for nobody now.
  read_section::synchronize();
  reader.join();
}

TEST_CASE("what was unlinked is not seen by a section that is not waited for") {
  struct content {
    std::atomic<int> alive = 1;
  };
  std::atomic<content*> shared = new content;
  std::atomic<bool> done = false;
  std::atomic<int> dead = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!done) {
        read_section here;
        if (shared.load()->alive.load() != 1)
          ++dead;
      }
    });
  for (int i = 0; i < 2'000; ++i) {
    auto* old = shared.exchange(new content);
    read_section::synchronize();
    // Who still reads it says so, without a sanitizer as well.
    old->alive = 0;
    delete old;
  }
  done = true;
  for (auto& x : readers)
    x.join();
  delete shared.load();
  CHECK(dead == 0);
}

TEST_CASE("a thread that ends gives its place back") {
  { read_section here; }
  auto read_once = [] { read_section here; };
  std::thread{read_once}.join();
  auto before = read_section::places();
  for (int i = 0; i < 100; ++i)
    std::thread{read_once}.join();
  CHECK(read_section::places() == before);
}

TEST_CASE("as many threads may read at once as there are") {
  constexpr int count = 100;
  std::latch all{count};
  std::vector<std::thread> readers;
  for (int i = 0; i < count; ++i)
    readers.emplace_back([&all] {
      read_section here;
      all.arrive_and_wait();
    });
  for (auto& x : readers)
    x.join();
  CHECK(read_section::places() >= count);
  read_section::synchronize();
}

TEST_CASE("a thread may read when it is about to end") {
  auto read_late = [] {
    // Made first, so destroyed when the thread's place has been given back.
    thread_local reads_at_end later;
    (void) &later;
    read_section here;
  };
  std::thread{read_late}.join();
  auto before = read_section::places();
  for (int i = 0; i < 100; ++i)
    std::thread{read_late}.join();
  CHECK(read_section::places() == before);
  read_section::synchronize();
}
