// A peer to compare with: Boost.Beast and RapidJSON as anybody would use them,
// without actors. PROGRAM PORT [THREADS]

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/address_v4.hpp>

#include "worker.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0] << " PORT [THREADS]\n";
    return 2;
  }
  try {
    boost::asio::ip::tcp::endpoint where{
      boost::asio::ip::address_v4::loopback(),
      static_cast<unsigned short>(std::stoi(argv[1]))};
    auto count = argc > 2 ? std::stoi(argv[2]) : 1;
    std::vector<std::unique_ptr<worker>> workers;
    for (int i = 0; i < count; ++i)
      workers.push_back(std::make_unique<worker>(where, workers));
    // It serves until it is killed: there is nothing to be saved.
    std::vector<std::jthread> threads;
    for (auto& x : workers)
      threads.emplace_back([&x] { x->run(); });
  } catch (const std::exception& err) {
    std::cerr << argv[0] << ": " << err.what() << '\n';
    return 1;
  }
}
