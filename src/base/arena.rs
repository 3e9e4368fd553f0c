//! Memory for trees that one thread builds, reads once and drops whole, like syn's tree of a file.
//!
//! While an [`Arena`] of a thread is open, what the thread asks for is laid out in a row in a piece of
//! memory that was set aside, and giving something back only counts. Once everything was given back,
//! the piece is free for the next arena. That costs a few instructions where an allocator for all
//! purposes needs dozens, and the holes that such trees leave behind do not scatter what is kept.
//!
//! Nothing has to be promised by who opens an arena: what outlives it, or is given back by another
//! thread, keeps its piece out of use until it is given back as well.
//!
//! Only a program whose global allocator is [`Allocator`] has arenas; elsewhere they do nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

/// Bytes of one piece. A tree takes some hundred times its text; what does not fit comes from the system.
const PIECE: usize = 8 << 20;
/// How many there are: a thread's first tree may leave something behind that lives as long as the thread.
const N_PIECES: usize = 32;

/// The global allocator of programs that want arenas; all else is the system's.
#[derive(Debug)]
pub struct Allocator;

/// An open arena of this thread; see the module. Closed where it is dropped.
#[derive(Debug)]
pub struct Arena {
    opened: Opened,
    /// Of one thread.
    _here: PhantomData<*const ()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    /// A piece was taken.
    Piece,
    /// The thread has an arena already: it is filled on, and left as it was.
    Again { filled: bool },
    /// There was no piece.
    Nothing,
}

/// What is known of a piece.
struct Piece {
    is_taken: AtomicBool,
    /// Allocations that had not been given back when its arena was closed.
    owed: AtomicUsize,
    /// Of those, what was given back since, or by other threads.
    returned: AtomicUsize,
}

/// The memory of all pieces, one after the other. It begins at a multiple of [`SIZE`], so that one
/// comparison tells whether something lies in it; at first at an address that nothing has.
static START: AtomicPtr<u8> = AtomicPtr::new(ptr::without_provenance_mut(usize::MAX));
/// Its bytes: a power of two.
const SIZE: usize = N_PIECES * PIECE;
static PIECES: [Piece; N_PIECES] = [const {
    Piece { is_taken: AtomicBool::new(false), owed: AtomicUsize::new(0), returned: AtomicUsize::new(0) }
}; N_PIECES];

/// The arena of a thread. Offsets count from [`START`].
struct Here {
    /// Where the next allocation goes.
    at: Cell<usize>,
    /// Where its piece ends; zero where the arena is not filled.
    end: Cell<usize>,
    /// Its piece, or [`NO_PIECE`].
    piece: Cell<usize>,
    /// Allocations in the piece that this thread has not given back.
    live: Cell<usize>,
}

const NO_PIECE: usize = usize::MAX;

thread_local! {
    // Without a destructor and made by the compiler, so that an allocator may use it at any time.
    static HERE: Here = const {
        Here { at: Cell::new(0), end: Cell::new(0), piece: Cell::new(NO_PIECE), live: Cell::new(0) }
    };
}

impl Arena {
    /// Opens an arena for this thread, from now on until it is paused or dropped.
    pub fn open() -> Self {
        let opened = HERE.with(|here| match here.piece.get() {
            NO_PIECE => match take_piece() {
                Some(piece) => {
                    here.at.set(piece * PIECE);
                    here.end.set((piece + 1) * PIECE);
                    here.piece.set(piece);
                    here.live.set(0);
                    Opened::Piece
                }
                None => Opened::Nothing,
            },
            piece => {
                let filled = here.end.replace((piece + 1) * PIECE) != 0;
                Opened::Again { filled }
            }
        });
        Self { opened, _here: PhantomData }
    }

    /// Puts no more into the arena: what follows is to stay.
    pub fn pause(&self) {
        if self.opened != Opened::Nothing {
            HERE.with(|here| here.end.set(0));
        }
    }
}

/// What is larger does not come from the heap.
const BLOCK: usize = 120 << 10;
/// What a heap has room for: it is 64 MiB large, and what follows is a heap of its own.
const HEAP: usize = 58 << 20;

thread_local! {
    /// Bytes that this thread has room for, and that it is expected to keep all in all.
    static ROOM: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Tells that this thread is going to keep `bytes` more; where it has no room for them, makes as much as for
/// all that is expected of it. None of that is used before it is needed.
///
/// The C library of GNU lets the heap of a thread grow page by page. Each time it asks the system, which
/// lets no other thread have memory meanwhile. What was there once and given back is there at once.
pub fn make_room(bytes: usize, expected: usize) {
    let (room, _) = ROOM.get();
    let room = if room < bytes { grow_heap(expected) } else { room - bytes };
    ROOM.set((room, expected));
}

/// Makes room anew on a thread that is expected to keep more than [`make_room`] can see to at once.
pub fn more_room() {
    let (_, expected) = ROOM.get();
    if expected > HEAP {
        grow_heap(HEAP);
    }
}

/// Has the heap of this thread grow by about so many bytes; says by how many.
fn grow_heap(bytes: usize) -> usize {
    if cfg!(not(all(target_os = "linux", target_env = "gnu"))) {
        return usize::MAX;
    }
    let n_blocks = bytes.min(HEAP) / BLOCK;
    let blocks: Vec<Vec<u8>> = (0..n_blocks).map(|_| Vec::with_capacity(BLOCK)).collect();
    // Used by nobody, and not left out for that.
    drop(std::hint::black_box(blocks));
    n_blocks * BLOCK
}

impl Drop for Arena {
    fn drop(&mut self) {
        HERE.with(|here| match self.opened {
            Opened::Nothing => {}
            Opened::Again { filled } => match here.piece.get() {
                piece if filled && piece != NO_PIECE => here.end.set((piece + 1) * PIECE),
                _ => here.end.set(0),
            },
            Opened::Piece => {
                here.end.set(0);
                let piece = &PIECES[here.piece.replace(NO_PIECE)];
                piece.owed.store(here.live.get(), Ordering::Relaxed);
                piece.is_taken.store(false, Ordering::Release);
            }
        });
    }
}

/// Takes a piece of which nothing is in use.
fn take_piece() -> Option<usize> {
    static IS_THERE: OnceLock<bool> = OnceLock::new();
    if !IS_THERE.get_or_init(set_aside) {
        return None;
    }
    PIECES.iter().position(|piece| {
        let (free, taken) = (Ordering::Acquire, Ordering::Relaxed);
        if piece.is_taken.compare_exchange(false, true, free, taken).is_err() {
            return false;
        }
        // Acquired: the memory is written to anew, after all who gave it back.
        if piece.owed.load(Ordering::Relaxed) != piece.returned.load(Ordering::Acquire) {
            piece.is_taken.store(false, Ordering::Release);
            return false;
        }
        piece.owed.store(0, Ordering::Relaxed);
        piece.returned.store(0, Ordering::Relaxed);
        true
    })
}

/// Asks the system for the memory of all pieces; false where there is none, and so no arenas. On Unix it is
/// addresses at first, of which only what is written to becomes memory.
fn set_aside() -> bool {
    const LAYOUT: Layout = match Layout::from_size_align(SIZE, SIZE) {
        Ok(layout) => layout,
        Err(_) => panic!("a power of two"),
    };
    if cfg!(not(unix)) || usize::BITS < 64 {
        return false;
    }
    // SAFETY: the layout's size is not zero.
    let start = unsafe { System.alloc(LAYOUT) };
    if start.is_null() {
        return false;
    }
    START.store(start, Ordering::Relaxed);
    true
}

/// The offset of what was laid out in an arena; of all else, none. Who was handed something of an arena
/// knows where the memory begins, as the thread knew that made it.
#[inline]
fn offset(ptr: *mut u8) -> Option<usize> {
    let offset = ptr.addr() ^ START.load(Ordering::Relaxed).addr();
    (offset < SIZE).then_some(offset)
}

impl Here {
    /// Lays out in the arena what fits.
    #[inline]
    fn lay_out(&self, layout: Layout) -> Option<*mut u8> {
        // Up to a multiple of what is a power of two; `next_multiple_of` would divide. Offsets are small and
        // sizes at most `isize::MAX`, so nothing overflows. Where the arena is not filled, nothing fits.
        let at = (self.at.get() + (layout.align() - 1)) & !(layout.align() - 1);
        let next = at + layout.size();
        if next > self.end.get() {
            return None;
        }
        self.at.set(next);
        self.live.set(self.live.get() + 1);
        Some(START.load(Ordering::Relaxed).wrapping_add(at))
    }

    /// Takes back what was laid out at `offset`; what was laid out last makes room for the next.
    #[inline]
    fn take_back(&self, offset: usize, size: usize) {
        let piece = offset / PIECE;
        if self.piece.get() == piece {
            self.live.set(self.live.get() - 1);
            if offset + size == self.at.get() {
                self.at.set(offset);
            }
        } else {
            PIECES[piece].returned.fetch_add(1, Ordering::Release);
        }
    }

    /// Changes the size of what was laid out at `offset` where it stands, if that can be.
    #[inline]
    fn resize(&self, offset: usize, old: usize, new: usize) -> bool {
        let is_last = self.end.get() != 0 && offset + old == self.at.get();
        if is_last && new <= self.end.get() - offset {
            self.at.set(offset + new);
            return true;
        }
        new <= old
    }
}

// SAFETY: what `lay_out` gives lies in the memory that was set aside, in the piece that this thread has
// taken, behind all that was laid out there since and not given back; so no two allocations overlap. A
// piece is taken only where as many of its allocations were given back as were made, so none of them is
// in use. All else is passed on to `System`, and given back to it by the same rule (`offset`).
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as this function's.
        HERE.with(|here| here.lay_out(layout)).unwrap_or_else(|| unsafe { System.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match HERE.with(|here| here.lay_out(layout)) {
            Some(ptr) => {
                // SAFETY: `layout.size()` bytes were laid out there.
                unsafe { ptr.write_bytes(0, layout.size()) };
                ptr
            }
            // SAFETY: as this function's.
            None => unsafe { System.alloc_zeroed(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        match offset(ptr) {
            Some(offset) => HERE.with(|here| here.take_back(offset, layout.size())),
            // SAFETY: not of an arena, so of `System`.
            None => unsafe { System.dealloc(ptr, layout) },
        }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Some(offset) = offset(ptr) else {
            // SAFETY: not of an arena, so of `System`.
            return unsafe { System.realloc(ptr, layout, new_size) };
        };
        if HERE.with(|here| here.resize(offset, layout.size(), new_size)) {
            return ptr;
        }
        // SAFETY: the caller vouches for `new_size`; old and new do not overlap, and both have as many bytes.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !new.is_null() {
                ptr::copy_nonoverlapping(ptr, new, layout.size().min(new_size));
                self.dealloc(ptr, layout);
            }
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An arena with a piece; other tests may have them all for a while.
    fn open() -> Arena {
        loop {
            let arena = Arena::open();
            if arena.opened != Opened::Nothing {
                return arena;
            }
            std::thread::yield_now();
        }
    }

    fn is_in_an_arena(bytes: &[u8]) -> bool {
        offset(bytes.as_ptr().cast_mut()).is_some()
    }

    #[test]
    fn what_is_made_while_it_is_open_lies_in_it() {
        let before = vec![1_u8; 10];
        let arena = open();
        let within = vec![2_u8; 10];
        arena.pause();
        let after = vec![3_u8; 10];
        assert_eq!([&before, &within, &after].map(|bytes| is_in_an_arena(bytes)), [false, true, false]);
    }

    #[test]
    fn what_outlives_it_keeps_its_memory() {
        let make = |byte: u8| {
            let _arena = open();
            vec![byte; 1000]
        };
        let kept: Vec<Vec<u8>> = (0..8).map(make).collect();
        for (byte, bytes) in kept.iter().enumerate() {
            assert!(is_in_an_arena(bytes));
            assert!(bytes.iter().all(|&found| found == byte as u8), "{byte}");
        }
    }

    #[test]
    fn what_another_thread_gives_back_is_free_again() {
        for round in 0..200_u8 {
            let arena = open();
            let bytes = vec![round; 1000];
            arena.pause();
            drop(arena);
            std::thread::spawn(move || drop(bytes)).join().expect("dropped");
        }
        let _arena = open();
        assert!(is_in_an_arena(&Vec::from([0_u8; 10])));
    }

    #[test]
    fn it_can_be_opened_while_it_is_open_or_paused() {
        let outer = open();
        let inner = open();
        inner.pause();
        assert!(!is_in_an_arena(&Vec::from([0_u8; 10])));
        drop(inner);
        assert!(is_in_an_arena(&Vec::from([0_u8; 10])), "the outer one was not paused");
        outer.pause();
        let inner = open();
        assert!(is_in_an_arena(&Vec::from([0_u8; 10])));
        drop(inner);
        assert!(!is_in_an_arena(&Vec::from([0_u8; 10])), "the outer one was paused");
    }

    #[test]
    fn what_does_not_fit_comes_from_the_system() {
        let _arena = open();
        let mut large = vec![7_u8; PIECE - 4096];
        assert!(is_in_an_arena(&large));
        large.extend_from_slice(&[8; 8192]);
        assert!(!is_in_an_arena(&large));
        assert_eq!((large[0], large[PIECE - 4097], large[PIECE]), (7, 7, 8));
    }

    #[test]
    fn memory_that_is_used_again_is_zero_where_zeros_are_asked_for() {
        for _ in 0..10 {
            let _arena = open();
            let zeros = vec![0_u64; 100];
            assert!(zeros.iter().all(|&number| number == 0));
            drop(vec![u64::MAX; 200]);
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Make { len: usize, byte: u8 },
        Grow { which: usize, by: usize },
        Shrink { which: usize, to: usize },
        Drop { which: usize },
        DropElsewhere { which: usize },
        Open,
        Pause,
        Close,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (1..3000_usize, any::<u8>()).prop_map(|(len, byte)| Step::Make { len, byte }),
            2 => (any::<usize>(), 1..5000_usize).prop_map(|(which, by)| Step::Grow { which, by }),
            1 => (any::<usize>(), any::<usize>()).prop_map(|(which, to)| Step::Shrink { which, to }),
            3 => any::<usize>().prop_map(|which| Step::Drop { which }),
            1 => any::<usize>().prop_map(|which| Step::DropElsewhere { which }),
            2 => Just(Step::Open),
            1 => Just(Step::Pause),
            2 => Just(Step::Close),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever is made, changed and dropped, inside, outside and on other threads: nobody writes
        /// into what is another's.
        #[test]
        fn nothing_overlaps(steps in prop::collection::vec(step(), 1..120)) {
            let mut kept: Vec<(u8, Vec<u8>)> = Vec::new();
            let mut arenas: Vec<Arena> = Vec::new();
            for step in steps {
                let n = kept.len();
                match step {
                    Step::Make { len, byte } => kept.push((byte, vec![byte; len])),
                    Step::Grow { which, by } if n > 0 => {
                        let (byte, bytes) = &mut kept[which % n];
                        bytes.reserve_exact(by);
                        bytes.resize(bytes.len() + by, *byte);
                    }
                    Step::Shrink { which, to } if n > 0 => {
                        let (_, bytes) = &mut kept[which % n];
                        bytes.truncate(to % (bytes.len() + 1));
                        bytes.shrink_to_fit();
                    }
                    Step::Drop { which } if n > 0 => drop(kept.swap_remove(which % n)),
                    Step::DropElsewhere { which } if n > 0 => {
                        let dropped = kept.swap_remove(which % n);
                        std::thread::spawn(move || drop(dropped)).join().expect("dropped");
                    }
                    Step::Open => arenas.push(Arena::open()),
                    Step::Pause => arenas.iter().for_each(Arena::pause),
                    Step::Close => drop(arenas.pop()),
                    _ => {}
                }
                for (byte, bytes) in &kept {
                    prop_assert!(bytes.iter().all(|found| found == byte));
                }
            }
        }
    }
}
