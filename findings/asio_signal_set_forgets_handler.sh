#!/usr/bin/env bash
# Asio: a signal_set that goes does not bring back the handler before it.
#
# Expected: whoever adds a signal to a `signal_set` borrows it: when the set is
#   cleared or destroyed, the signal does what it did before, which `sigaction`
#   tells whoever asks.
# Instead: the signal gets its default meaning (SIG_DFL). A program that had a
#   handler of its own, or ignored SIGHUP because of nohup, is ended by the next
#   signal, although nothing handles signals any more.
#
# Boost.Asio 1.81 (Debian's libboost1.81-dev 1.81.0-5+deb12u1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libboost1.81-dev=1.81.0-5+deb12u1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <csignal>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

const char* disposition() {
  struct sigaction now;
  sigaction(SIGHUP, nullptr, &now);
  return now.sa_handler == SIG_IGN   ? "ignored"
         : now.sa_handler == SIG_DFL ? "default, which ends the process"
                                     : "handled";
}

int main() {
  // As nohup does it.
  std::signal(SIGHUP, SIG_IGN);
  std::cout << "before: " << disposition() << '\n';
  {
    boost::asio::io_context context;
    boost::asio::signal_set signals{context, SIGHUP};
    std::cout << "with a signal_set: " << disposition() << '\n';
  }
  std::cout << "afterwards: " << disposition() << std::endl;
  struct sigaction now;
  sigaction(SIGHUP, nullptr, &now);
  return now.sa_handler == SIG_DFL ? 0 : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main -pthread
timeout 60 ./main
