#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/flamigo.hpp>

struct described {
  int number;
  std::map<int, std::vector<bool>> numbers;
  std::unordered_map<std::string, std::array<double, 3>> places;
  std::optional<std::vector<std::pair<int, std::string>>> names;
  std::chrono::seconds time;
  caf::actor who;
};

BOOST_DESCRIBE_STRUCT(described, (),
                      (number, numbers, places, names, time, who))

struct local {
  int* number;
};

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(local)

struct undescribed {
  int number;
};

class closed {
public:
  explicit closed(int number) : number_(number) {
  }

private:
  int number_;
};

struct inner {
  int number;
};

struct outer {
  inner in;
};

BOOST_DESCRIBE_STRUCT(outer, (), (in))

void send(caf::event_based_actor* self, const caf::actor& to) {
  self->send(to, described{});
  self->send(to, std::vector<described>{}, std::set<std::string>{});
  self->send(to, local{nullptr}, std::string{}, 1.5);
#ifdef MISTAKES
  // error: this struct cannot be sent to an actor
  self->send(to, undescribed{1});
  // error: this struct cannot be sent to an actor
  self->send(to, closed{1});
  // error: this struct cannot be sent to an actor
  self->send(to, outer{});
  // error: this struct cannot be sent to an actor
  self->send(to, std::vector<closed>{});
#endif
}
