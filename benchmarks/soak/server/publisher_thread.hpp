#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include <flamigo/bus/bus.hpp>
#include <flamigo/roster/roster.hpp>

namespace flamigo::soak {

/// A thread of the program that is no actor's: it publishes numbered events,
/// and disconnects connections that are not there. Told to, it does so without
/// pause.
class publisher_thread {
public:
  /// Both must outlive it. Nothing is published yet.
  publisher_thread(const flamigo::bus& events, const flamigo::roster& clients);

  publisher_thread(const publisher_thread&) = delete;

  publisher_thread& operator=(const publisher_thread&) = delete;

  ~publisher_thread();

  // -- from any thread --------------------------------------------------------

  void publish(bool wanted) {
    wanted_ = wanted;
  }

  void be_loud(std::chrono::milliseconds time);

  /// Whether a numbered event may still come.
  bool publishing() const {
    return busy_;
  }

  /// How many numbered events there were.
  std::uint64_t published() const {
    return published_;
  }

private:
  using clock = std::chrono::steady_clock;

  void run();

  void publish_next();

  void shout();

  const flamigo::bus& events_;
  const flamigo::roster& clients_;
  std::atomic<bool> wanted_ = false;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> stopped_ = false;
  std::atomic<clock::rep> loud_until_ = 0;
  std::atomic<std::uint64_t> published_ = 0;
  std::uint64_t shouted_ = 0;
  std::thread thread_;
};

} // namespace flamigo::soak
