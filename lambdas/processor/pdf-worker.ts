// The thread in which PDFs are read, as a file of its own beside the handler's.
import '#adapters/documents/pdf-worker.ts';
