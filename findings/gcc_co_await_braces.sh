#!/usr/bin/env bash
# g++: what a temporary owns that is written with braces, or is a lambda, is
# destroyed twice where the same expression has a co_await.
#
# Expected: `co_await ask(charge{card, 5})` makes a temporary, copies `card` into
#   it, and destroys it, and the copy with it, once, behind the expression.
# Instead: the copy of `card` gets a place of its own in the frame. Its bytes are
#   copied into the temporary, and both are destroyed: a text on the heap is freed
#   twice. The same happens to what a lambda captures by value. A temporary that
#   has a constructor, or is what a function returns, is destroyed once. Clang 14
#   destroys each of them once.
#
# g++ 12.2.0 (Debian's 12.2.0-14+deb12u1), with and without optimisation.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >main.cpp <<'CPP'
#include <coroutine>
#include <iostream>
#include <utility>

struct part {
  part() = default;
  part(const part& other) : made(other.made) { ++*made; }
  ~part() { --*made; }
  int* made = nullptr;
};

struct braces { part what; };
struct constructed { explicit constructed(const part& x) : what(x) {} part what; };

struct job {
  struct promise_type {
    job get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception() {}
    void return_void() {}
  };
  std::coroutine_handle<promise_type> handle;
};

template <class T>
std::suspend_never ask(const T&) { return {}; }

template <class F>
int left_over(F run) {
  int count = 1;
  {
    part one;
    one.made = &count;
    run(one).handle.destroy();
  }
  return count;
}

int main() {
  auto with_constructor = left_over([](const part& x) -> job {
    co_await ask(constructed{x});
  });
  auto with_braces = left_over([](const part& x) -> job {
    co_await ask(braces{x});
  });
  auto lambda = left_over([](const part& x) -> job {
    co_await ask([x] { return x.made; });
  });
  std::cout << "destroyed too often: with a constructor " << -with_constructor
            << ", with braces " << -with_braces << ", captured " << -lambda
            << std::endl;
  return with_constructor == 0 && with_braces == -1 && lambda == -1 ? 0 : 1;
}
CPP
g++ -std=c++20 main.cpp -o main
timeout 60 ./main
