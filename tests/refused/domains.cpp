#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/describe/class.hpp>
#include <caf/typed_actor.hpp>

#include <flamigo/domain/host.hpp>
#include <flamigo/flamigo.hpp>

using namespace flamigo;

struct state {
  int count = 0;
};

domain_behavior shop(domain_actor<state>* self) {
  return {on("app::shop:open", [=] { return self->state.count; })};
}

domain_behavior ticking(domain_actor<state>* self) {
  self->every(std::chrono::seconds{1}, [=] { ++self->state.count; });
#ifdef MISTAKES
  // error: a timer's function is called without arguments
  self->after(std::chrono::seconds{1}, [](domain_actor<state>*) {});
  // error: a timer's function returns nothing
  self->after(std::chrono::seconds{1}, [=] { return self->state.count; });
#endif
  return {};
}

domain_behavior owner(domain_actor<>*, std::unique_ptr<int>) {
  return {};
}

domain_behavior sharer(domain_actor<>*, int&) {
  return {};
}

domain_behavior by_reference(domain_actor<>&) {
  return {};
}

#ifdef MISTAKES
struct unborn {
  explicit unborn(int first) : count(first) {
  }

  int count;
};

// error: it needs a constructor without arguments
domain_behavior late(domain_actor<unborn>* self) {
  return {on("app::late:open", [=] { return self->state.count; })};
}
#endif

struct rang {
  std::string bell;

  flamigo::topic topics() const {
    return flamigo::topic{"bells/" + bell};
  }
};

BOOST_DESCRIBE_STRUCT(rang, (), (bell))

void bound() {
  event_overflow::coalesce([](const rang& what) { return what.bell; });
  event_overflow::coalesce(
    [](const event&) -> std::optional<std::string> { return std::nullopt; });
#ifdef MISTAKES
  // error: the key of an event is made by a function
  event_overflow::coalesce([](const rang&) { return 1; });
  // error: the key of an event is made by a function
  event_overflow::coalesce([](const auto& what) { return what.bell; });
  // error: the key of an event is made by a function
  event_overflow::coalesce([](const std::string& text) { return text; });
  // error: the key of an event is made by a function
  event_overflow::coalesce(
    [](context&, const rang& what) { return what.bell; });
  // error: the key of an event is made by a function
  event_overflow::coalesce(
    [last = std::string{}](const rang&) mutable { return last += "x"; });
#endif
}

enum class colour {
  red,
  green
};

struct item {
  std::string customer;
  std::optional<int> shelf;
  double weight;
  colour paint;
};

BOOST_DESCRIBE_STRUCT(item, (), (customer, shelf, weight))

struct unknown {
  int number;
};

void keys() {
  by(&item::customer);
#ifdef MISTAKES
  // error: the key of shards is a std::string, an integer
  by(&item::shelf);
  // error: the key of shards is a std::string, an integer
  by(&item::weight);
  // error: the key of shards is a std::string, an integer
  by(&item::paint);
  // error: the struct whose member is the key of shards is not described
  by(&unknown::number);
#endif
}

struct ask {
  int number;
};

BOOST_DESCRIBE_STRUCT(ask, (), (number))

struct tell {
  int number;
};

BOOST_DESCRIBE_STRUCT(tell, (), (number))

using oracle = caf::typed_actor<caf::replies_to<ask>::with<int>>;
using oracle_behavior = typed_domain_behavior<oracle>;

oracle_behavior delphi(domain_actor<>*) {
  return {on("app::oracle:ask", [](const ask& in) { return in.number; })};
}

void typed(const services& what, const context& ctx) {
  auto handle = host_typed(what, {}, delphi);
  ask one{1};
  request(ctx, handle, std::chrono::seconds{1}, one).ignore();
#ifdef MISTAKES
  tell two{2};
  // error: this actor takes no such message
  request(ctx, handle, std::chrono::seconds{1}, two).ignore();
  // error: this actor answers with another type
  request<double>(ctx, handle, std::chrono::seconds{1}, one).ignore();
  // error: host_typed takes a domain's function that returns
  host_typed(what, {}, shop);
  // error: no handler for a message of its interface
  oracle_behavior{on("app::oracle:ask", [] { return 1; })};
  // error: what is no message of its interface
  oracle_behavior{[](const ask&) { return 1; }, [](const tell&) {}};
  // error: returns another type than its interface declares
  oracle_behavior{on("app::oracle:ask", [](const ask&) { return "one"; })};
  // error: two handlers of this typed domain take the same message
  oracle_behavior{on("app::oracle:ask", [](const ask&) { return 1; }),
                  [](const ask&) { return 2; }};
#endif
}

void last_words() {
  domain_behavior{on_stop([] {})};
  domain_behavior{on_stop([](context&) { return caf::error{}; })};
#ifdef MISTAKES
  // error: on_stop takes a function of nothing or the context
  on_stop([](int) {});
  // error: on_stop takes a function of nothing or the context
  on_stop([] { return 1; });
  // error: on_stop takes a function of nothing or the context
  on_stop([](auto) {});
  // error: a domain has one on_stop
  domain_behavior{on_stop([] {}), on_stop([] {})};
#endif
}

void add(const services& what) {
  static int shared = 0;
  host(what, {}, shop);
  host(what, {}, ticking);
  host(what, {}, sharer, std::ref(shared));
#ifdef MISTAKES
  host(what, {}, late);
  // error: instead of what cannot be copied hand over a std::shared_ptr
  host(what, {}, owner, std::make_unique<int>(1));
  // error: it takes them by value or by const reference
  host(what, {}, sharer, 1);
  // error: generic lambdas (auto parameters) are not possible
  host(what, {}, [](auto*) -> domain_behavior { return {}; });
  // error: takes a flamigo::domain_actor<State>* first
  host(what, {}, by_reference);
  // error: a domain's function returns a flamigo::domain_behavior
  host(what, {}, [](domain_actor<>*) -> caf::behavior { return {[](int) {}}; });
  // error: a domain's function does not take these arguments
  host(what, {}, shop, 1);
#endif
}
