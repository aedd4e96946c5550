#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "client.hpp"
#include "event_track.hpp"

namespace flamigo::soak {

/// How a client is subscribed: to be forwarded what it wants, or with a handler
/// that sends it what it hears; by an inline strategy, or by a domain actor's.
enum class ear {
  forwarded,
  forwarded_from_desk,
  handled,
  handled_from_desk
};

/// What a worker does.
struct job {
  /// Its number as a publisher.
  std::uint64_t publisher = 0;
  ear how = ear::forwarded;
  /// Patterns that it subscribes to.
  std::vector<std::string> patterns;
  /// Whether it is there before anything is published.
  bool hears_all = false;
  /// Whether there is a handler for something else, too.
  bool other_handler = false;
  std::size_t depth = 4;
  /// From one request to the next, at least.
  clock::duration pace{};
  /// After so many requests it leaves; 0 for never.
  std::uint64_t requests = 0;
  /// Of what it sends now and then.
  std::size_t most_bytes = 200;
};

/// A client that asks and publishes all the time, as any of a good program.
class worker : public client {
public:
  worker(stage& on, job what) : client(on), job_(std::move(what)) {
  }

  /// Whether it gets all that it has subscribed to.
  bool is_settled() const {
    return settled_;
  }

  /// Whether it asks nothing for now.
  void rest(bool yes) {
    resting_ = yes;
  }

  /// Whether nothing that it has asked is to be answered any more.
  bool is_idle() const {
    return is_done() || book().open() == 0;
  }

  std::uint64_t answers() const {
    return answers_;
  }

  /// How many events it has published.
  std::uint64_t published() const {
    return published_;
  }

protected:
  std::string_view name() const override {
    return job_.most_bytes > 1000 ? "big messages" : "worker";
  }

  void greeted() override;

  void act() override;

  void answered(const question& what,
                const load::wire_message& answer) override;

  void heard(const load::wire_message& event) override;

  void ended(std::string_view failure) override;

  /// An event of this publisher.
  virtual void count(std::uint64_t publisher, std::uint64_t number);

private:
  /// What a question was, and what it waits for, in its note.
  enum class errand : std::uint8_t {
    subscribe,
    echo,
    publish,
    desk_publish
  };

  static std::uint64_t note(errand what, std::uint64_t x) {
    return x << 8 | static_cast<std::uint64_t>(what);
  }

  void subscribe();

  bool is_ready() const;

  void run_errand();

  void echo();

  void publish();

  void publish_by_desk();

  bool is_handled() const {
    return job_.how == ear::handled || job_.how == ear::handled_from_desk;
  }

  job job_;
  std::size_t subscribed_ = 0;
  bool settled_ = false;
  bool resting_ = false;
  clock::time_point next_errand_{};
  std::uint64_t answers_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t published_ = 0;
  std::map<std::uint64_t, event_track> heard_;
  /// The payload of each echo that is on its way.
  std::map<std::uint64_t, std::string> said_;
};

} // namespace flamigo::soak
